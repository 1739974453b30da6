"""What ``submission.yaml`` leaves out, told from names and contents: kinds of document, office, fiscal year.

Reading never waits for a perfect cover letter: most offices will send bare files. What was inferred is
marked as such, so that a reviewer can tell it from what the office declared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.passages import DocumentKind
from models.text.offices import mentions
from models.text.tokenizer import normalise
from models.text.years import commonest, fiscal_years, named_round, title_years
from pipeline.blocks import DocumentReading
from pipeline.title_page import title_zone

KindSource = Literal["declared", "name", "content", "default"]

# In order: a "รายงานผลการดำเนินงานตามแผนปฏิบัติการ" is a report, though it names the plan.
_BY_NAME: tuple[tuple[DocumentKind, re.Pattern[str]], ...] = (
    ("report", re.compile(r"รายงานผล|รายงานประจำปี|สรุปผล|ผลการดำเนินงาน|\breport|(?<![a-z])rp(?![a-z])|pdca")),
    (
        "other",
        re.compile(
            r"รายงานการประชุม|คำสั่ง|ประกาศ|จดหมายข่าว|วารสาร|ภาพถ่าย|ภาพกิจกรรม|ภาคผนวก|minutes|order|news|other|annex"
        ),
    ),
    ("plan", re.compile(r"แผนปฏิบัติ|แผนพัฒนา|แผนงาน|แผน|\bplan|action.?plan")),
    ("report", re.compile(r"รายงาน")),
)
_BY_CONTENT: tuple[tuple[DocumentKind, re.Pattern[str]], ...] = (
    ("other", re.compile(r"รายงานการประชุม|ระเบียบวาระ|บันทึกข้อความ|จดหมายข่าว|^คำสั่ง|^ประกาศ")),
    (
        "report",
        re.compile(r"รายงานผล|รายงานประจำปี|สรุปผลการ|รายงานการดำเนินงาน|รายงานการประเมิน|รายงานการบริหาร"),
    ),
    ("plan", re.compile(r"แผนปฏิบัติการ|แผนปฏิบัติราชการ|แผนพัฒนาการศึกษา|แผนกลยุทธ์")),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a submission says of itself.

    Attributes:
        office: name as written where it stands best, ``""`` where none is named.
        inferred: what of it was not declared: ``office``, ``fiscal_year``, ``round``.
    """

    office: str
    province: str
    fiscal_year: int | None
    round: int | None
    inferred: tuple[str, ...] = ()


def infer_kind(reading: DocumentReading) -> tuple[DocumentKind, KindSource]:
    """Tell plan, report or other by the file's name, else by its title page.

    >>> infer_kind(DocumentReading("รายงานผลการดำเนินงาน 2565.pdf", "", 1, "failed"))
    ('report', 'name')
    """
    name = normalise(reading.file.rsplit("/", 1)[-1])
    for kind, pattern in _BY_NAME:
        if pattern.search(name):
            return kind, "name"
    for block in title_zone(reading):
        text = normalise(block.text)
        for kind, pattern in _BY_CONTENT:
            if pattern.search(text):
                return kind, "content"
    return "other", "default"


def infer_office(readings: Sequence[DocumentReading]) -> str:
    """Return the office that the documents are of: the one their title pages, else their text, name most."""
    titles: Counter[str] = Counter()
    written: dict[str, str] = {}
    for reading in readings:
        for weight, blocks in ((20, title_zone(reading)), (1, reading.blocks[:400])):
            for block in blocks:
                text = normalise(block.text)
                for mention in mentions(text):
                    if mention.office.area:
                        titles[mention.office.key] += weight
                        written.setdefault(mention.office.key, text[mention.start : mention.end].strip())
    return written[titles.most_common(1)[0][0]] if titles else ""


def infer_year(readings: Sequence[DocumentReading]) -> int | None:
    """Return the fiscal year that the title pages name most, else the whole text."""
    titles = [
        year for reading in readings for block in title_zone(reading) for year in title_years(block.text)
    ]
    if titles:
        return commonest(titles)
    return commonest(
        year for reading in readings for block in reading.blocks for year in fiscal_years(block.text)
    )


def infer_round(readings: Sequence[DocumentReading]) -> int | None:
    """Return the round (6 or 12 months) that a title page names."""
    for reading in readings:
        for block in title_zone(reading):
            if (found := named_round(block.text)) is not None:
                return found
    return None
