"""A plan or report of another fiscal year, by its title, its text or its dates; and years that are only mistyped.

ปีการศึกษา and bare calendar years overlap two fiscal years and decide nothing; a plan tells last year's results as a
chapter. Offices mistype years: where the rest of the document is of the assessed year, an odd year in the title is a note
(``odd_year``), and neither is ever a rejection.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from models.text.fiscal_year import year_references
from models.text.years import commonest, covered, fiscal_years, likely_mistyped, title_years
from pipeline.blocks import Block
from pipeline.drafts import Finding
from pipeline.findings.detected import Held, Submitted, found
from pipeline.title_page import title_zone
from rubric.language import Bilingual

FEWEST_YEARS = 6
"""Mentions of fiscal years from which on a majority of another year says something about the whole document."""
FEWEST_DATES = 8
"""Dates from which on they tell a document's year where no fiscal year is named often enough."""
MOSTLY = 0.75


def wrong_years(submitted: Submitted) -> Iterator[Finding]:
    """Tell of each plan and report what speaks for another fiscal year than the assessed one."""
    if submitted.fiscal_year is not None:
        for held in submitted.documents:
            yield from _wrong_year(held, submitted.fiscal_year)


def _wrong_year(held: Held, fiscal_year: int) -> list[Finding]:
    own_title = False
    for block in title_zone(held.reading):
        years = title_years(block.text)
        if held.kind == "other" or not years:
            continue
        if fiscal_year in years or covered(block.text, fiscal_year):
            own_title = True
            break
        if likely_mistyped(years[0], fiscal_year) or _is_of(held, fiscal_year):
            return [_odd(held, block, years[0], fiscal_year)]
        return [_told(held, block, years[0], fiscal_year, "หน้าปกหรือชื่อเรื่องระบุ", "Its title names", "likely")]
    if found_one := _by_text(held, fiscal_year):
        return found_one
    return [] if own_title or held.kind == "other" else _by_dates(held, fiscal_year)


def _by_text(held: Held, fiscal_year: int) -> list[Finding]:
    blocks = held.reading.blocks
    named = [year for block in blocks for year in fiscal_years(block.text)]
    other = commonest(named)
    if len(named) < FEWEST_YEARS or other in (None, fiscal_year) or named.count(fiscal_year) * 4 > len(named):
        return []
    if held.kind == "plan" and other == fiscal_year - 1 and fiscal_year in named:
        return []  # a plan tells last year's results as a chapter
    first = next(block for block in blocks if other in fiscal_years(block.text))
    return [
        _told(
            held,
            first,
            int(other or 0),
            fiscal_year,
            "เนื้อหาส่วนใหญ่กล่าวถึง",
            "Most of its text speaks of",
            "likely",
        )
    ]


def _by_dates(held: Held, fiscal_year: int) -> list[Finding]:
    """Tell of a report whose dates lie in another fiscal year, though it names none."""
    dated = list(_dates(held.reading.blocks))
    years = [year for _, year in dated]
    other = commonest(years)
    if held.kind != "report" or len(years) < FEWEST_DATES or other in (None, fiscal_year):
        return []
    if years.count(int(other or 0)) < MOSTLY * len(years):
        return []
    first = next(block for block, year in dated if year == other)
    return [
        _told(
            held,
            first,
            int(other or 0),
            fiscal_year,
            "วันที่ในเอกสารส่วนใหญ่อยู่ใน",
            "Most of its dates lie in",
            "possible",
        )
    ]


def _is_of(held: Held, fiscal_year: int) -> bool:
    """Tell whether the text and dates of a document are of this fiscal year, whatever its title says."""
    blocks = held.reading.blocks[1:]
    named = [year for block in blocks for year in fiscal_years(block.text)]
    years = [*named, *(year for _, year in _dates(blocks))]
    return len(years) >= FEWEST_YEARS and years.count(fiscal_year) >= MOSTLY * len(years)


def _dates(blocks: Sequence[Block]) -> Iterator[tuple[Block, int]]:
    """Return the fiscal years in which the days and months of a text lie."""
    for block in blocks:
        for reference in year_references(block.text):
            if reference.month is not None:
                yield block, reference.year + (reference.month >= 10)


def _told(
    held: Held, block: Block, year: int, wanted: int, thai: str, english: str, certainty: str
) -> Finding:
    return found(
        "wrong_fiscal_year",
        Bilingual(
            f"{thai}ปีงบประมาณ พ.ศ. {year} แต่รอบนี้ประเมินปีงบประมาณ พ.ศ. {wanted} โปรดตรวจสอบว่าเป็นเอกสารของปีที่ประเมิน",
            f"{english} fiscal year {year}, while {wanted} is assessed. Please check that the document is of this year.",
        ),
        held.reading.file,
        block,
        certainty=certainty,  # type: ignore[arg-type]
    )


def _odd(held: Held, block: Block, year: int, wanted: int) -> Finding:
    return found(
        "odd_year",
        Bilingual(
            f"ชื่อเรื่องระบุปี พ.ศ. {year} แต่เนื้อหาเป็นของปีงบประมาณ พ.ศ. {wanted} อาจพิมพ์ปีผิด (ข้อสังเกตเท่านั้น)",
            f"The title names {year}, while the text is of fiscal year {wanted}; the year may be mistyped (a note only).",
        ),
        held.reading.file,
        block,
        certainty="possible",
    )
