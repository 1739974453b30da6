"""Findings: what a reviewer should know beside the score, found in one submission alone.

A finding changes no score by itself. Each is told in Thai and English, names its document and page where it
has one, and quotes the words it rests on. What takes several offices to see (copied text) is in
``pipeline.screening.copied``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.passages import DocumentKind
from models.text.foreign_document import is_foreign
from models.text.offices import (
    Office,
    acts_for_another,
    foreign_mentions,
    mentions,
    same_office,
    tells_of_partners,
)
from pipeline.blocks import Block, DocumentReading
from pipeline.drafts import Finding, FindingKind
from pipeline.intake.names import safe_name
from pipeline.screening.inference import office_of, title_zone
from pipeline.screening.years import commonest, covered, fiscal_years, title_years
from rubric import Rubric
from rubric.language import Bilingual

QUOTE = 300
FEWEST_YEARS = 6
"""Mentions of fiscal years from which on a majority of another year says something about the whole document."""
MOST_LINKS = 40
LONGEST_TITLE = 120
"""Letters from which on a block of the first page is no line of a title any more."""
HARMLESS = {
    "extension_wrong",
    "tracked_changes",
    "letters_unsure",
    "signed",
    "comments",
    "attachments",
    "pictures_read",
}
KINDS = {
    "plan": Bilingual("แผน", "plan"),
    "report": Bilingual("รายงาน", "report"),
    "other": Bilingual("เอกสารอื่น", "other document"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A document of the submission: its reading and its kind."""

    reading: DocumentReading
    kind: DocumentKind


def find_all(
    documents: Sequence[Held],
    rubric: Rubric,
    office: str,
    fiscal_year: int | None,
    mistakes: Iterable[Bilingual],
    not_taken: Iterable[Bilingual] = (),
) -> list[Finding]:
    """Return all findings of one submission, those of the whole first, then by document and page."""
    found = [_finding("submission_file", mistake) for mistake in mistakes]
    found += [_finding("not_read", left) for left in not_taken]
    found += missing_documents(documents, rubric)
    for held in documents:
        found += unreadable(held.reading)
        if fiscal_year is not None:
            found += wrong_year(held, fiscal_year)
        found += other_office(held.reading, office_of(office))
        found += foreign_document(held.reading)
        found += not_read(held.reading)
    return found


def missing_documents(documents: Sequence[Held], rubric: Rubric) -> list[Finding]:
    """Name each required kind of document that was not sent (sent and unreadable is another finding)."""
    sent = {held.kind for held in documents}
    return [
        _finding(
            "missing_document",
            Bilingual(f"ไม่พบ{required.title.th}ในเอกสารที่ส่งมา", f"No {required.title.en} was submitted."),
        )
        for required in rubric.required_documents
        if required.required and required.kind not in sent
    ]


def unreadable(reading: DocumentReading) -> list[Finding]:
    """Tell what could not be read, whole documents and single pages."""
    kind: FindingKind = "unreadable" if reading.read_by == "failed" else "partly_unreadable"
    problems = [problem for problem in reading.problems if problem.code not in HARMLESS]
    if reading.read_by == "failed" and not problems:
        return [_finding(kind, Bilingual("อ่านเอกสารไม่ได้", "The document could not be read."), reading.file)]
    return [_finding(kind, problem.message, reading.file, problem.page) for problem in problems]


def wrong_year(held: Held, fiscal_year: int) -> list[Finding]:
    """Tell where a plan or report is of another fiscal year by its title, or by most of its text.

    Offices mistype years, so this is a note to the reviewer and never a rejection.
    """
    blocks = held.reading.blocks
    for block in title_zone(held.reading):
        years = title_years(block.text)
        if held.kind == "other" or not years:
            continue
        if fiscal_year in years or covered(block.text, fiscal_year):
            break
        return [_wrong_year(held, block, years[0], fiscal_year, "หน้าปกหรือชื่อเรื่องระบุ", "Its title names")]
    named = [year for block in blocks for year in fiscal_years(block.text)]
    other = commonest(named)
    if len(named) < FEWEST_YEARS or other in (None, fiscal_year) or named.count(fiscal_year) * 4 > len(named):
        return []
    if held.kind == "plan" and other == fiscal_year - 1 and fiscal_year in named:
        return []  # a plan tells last year's results as a chapter
    first = next(block for block in blocks if other in fiscal_years(block.text))
    return [
        _wrong_year(
            held, first, int(other or 0), fiscal_year, "เนื้อหาส่วนใหญ่กล่าวถึง", "Most of its text speaks of"
        )
    ]


def _wrong_year(held: Held, block: Block, found: int, wanted: int, thai: str, english: str) -> Finding:
    return _finding(
        "wrong_fiscal_year",
        Bilingual(
            f"{thai}ปีงบประมาณ พ.ศ. {found} แต่รอบนี้ประเมินปีงบประมาณ พ.ศ. {wanted} โปรดตรวจสอบว่าเป็นเอกสารของปีที่ประเมิน",
            f"{english} fiscal year {found}, while {wanted} is assessed. Please check that the document is of this year.",
        ),
        held.reading.file,
        block.page,
        block.text,
    )


def other_office(reading: DocumentReading, own: Office) -> list[Finding]:
    """Tell where a document is another office's, or holds passages that tell another office's doings.

    A neighbour named as partner, a visit or a transfer is no finding, nor is a school's name.
    """
    if not own.area:
        return []
    title = [block for block in title_zone(reading) if _is_title(block) and mentions(block.text)]
    foreign_title = [block for block in title if foreign_mentions(block.text, own)]
    if foreign_title and not any(_names(block, own) for block in title):
        block = foreign_title[0]
        name = foreign_mentions(block.text, own)[0].office.key
        return [
            _finding(
                "other_office",
                Bilingual(
                    f"หน้าปกหรือชื่อเรื่องเป็นของ {name} ไม่ใช่ {own.key} อาจแนบเอกสารผิดเขต",
                    f"The title page is of {name}, not of {own.key}; the wrong office's document may be attached.",
                ),
                reading.file,
                block.page,
                block.text,
            )
        ]
    return _foreign_doings(reading, own)


def _is_title(block: Block) -> bool:
    return len(block.text) <= LONGEST_TITLE and not tells_of_partners(block.text)


def _foreign_doings(reading: DocumentReading, own: Office) -> list[Finding]:
    told: dict[str, list[Block]] = {}
    for block in reading.blocks:
        if mention := acts_for_another(block.text, own):
            told.setdefault(mention.office.key, []).append(block)
    return [
        _finding(
            "other_office",
            Bilingual(
                f"มี {len(blocks)} ข้อความที่กล่าวถึงการดำเนินงานของ {name}{_pages(blocks, 'หน้า')} โปรดตรวจสอบว่าเป็นผลงานของเขตนี้",
                f"{len(blocks)} passages tell the doings of {name}{_pages(blocks, 'pages')}. "
                "Please check whose work it is.",
            ),
            reading.file,
            blocks[0].page,
            blocks[0].text,
        )
        for name, blocks in sorted(told.items())
    ]


def _names(block: Block, own: Office) -> bool:
    return any(same_office(own, mention.office) for mention in mentions(block.text))


def _pages(blocks: Sequence[Block], word: str) -> str:
    pages = sorted(Counter(block.page for block in blocks if block.page is not None))
    if not pages:
        return ""
    shown = ", ".join(map(str, pages[:8])) + (" …" if len(pages) > 8 else "")
    return f" ({word} {shown})"


def foreign_document(reading: DocumentReading) -> list[Finding]:
    """Tell of a long document that speaks of neither an area office nor schools; no evidence is taken from it."""
    believed = [block.text for block in reading.blocks if not block.doubtful]
    if not is_foreign(believed):
        return []
    return [
        _finding(
            "foreign_document",
            Bilingual(
                "เอกสารนี้ไม่ได้กล่าวถึงสำนักงานเขตพื้นที่การศึกษาและแทบไม่กล่าวถึงสถานศึกษา จึงไม่นำข้อความใดไปใช้เป็นหลักฐาน เป็นไฟล์ที่ถูกต้องหรือไม่",
                "This document speaks of no educational service area office and hardly of schools, so no evidence was "
                "taken from it. Is it the right file?",
            ),
            reading.file,
            reading.blocks[0].page,
            reading.blocks[0].text,
        )
    ]


def not_read(reading: DocumentReading) -> list[Finding]:
    """List links and videos that a document names: nobody followed them, and nobody should think so."""
    if not reading.links:
        return []
    count = len(reading.links)
    shown = "\n".join(safe_name(link) for link in reading.links[:MOST_LINKS])
    return [
        _finding(
            "not_read",
            Bilingual(
                f"เอกสารอ้างถึงลิงก์หรือวิดีโอ {count} รายการ ซึ่งระบบไม่ได้เปิดอ่าน โปรดเปิดดูเอง",
                f"The document points to {count} links or videos that were not opened. Please look at them yourself.",
            ),
            reading.file,
            quote=shown,
            longest=4000,
        )
    ]


def _finding(
    kind: FindingKind,
    message: Bilingual,
    document: str | None = None,
    page: int | None = None,
    quote: str = "",
    longest: int = QUOTE,
) -> Finding:
    return Finding(
        kind=kind,
        message=message.th,
        message_en=message.en,
        document=document,
        page=page,
        quote=quote[:longest],
    )
