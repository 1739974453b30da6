"""Another office's papers: a title page of another office, or passages that tell another office's doings.

A neighbour named as partner, a visit or a transfer is no finding, nor is a school's name. Which names mean one office
the table of offices says (``models.text.office_table``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from models.text.offices import (
    Office,
    acts_for_another,
    foreign_mentions,
    mentions,
    same_office,
    tells_of_partners,
)
from pipeline.blocks import Block, DocumentReading
from pipeline.drafts import Finding
from pipeline.findings.detected import Submitted, found
from pipeline.title_page import title_zone
from rubric.language import Bilingual

LONGEST_TITLE = 120
"""Letters from which on a block of the first page is no line of a title any more."""


def other_offices(submitted: Submitted) -> Iterator[Finding]:
    """Tell of each document what is another office's in it."""
    own = submitted.own
    if own.area or own.number is not None:
        for held in submitted.documents:
            yield from _other_office(held.reading, own)


def _other_office(reading: DocumentReading, own: Office) -> list[Finding]:
    title = [block for block in title_zone(reading) if _is_title(block) and mentions(block.text)]
    foreign_title = [block for block in title if foreign_mentions(block.text, own)]
    if foreign_title and not any(_names(block, own) for block in title):
        block = foreign_title[0]
        name = foreign_mentions(block.text, own)[0].office.key
        return [
            found(
                "other_office",
                Bilingual(
                    f"หน้าปกหรือชื่อเรื่องเป็นของ {name} ไม่ใช่ {own.key} อาจแนบเอกสารผิดเขต",
                    f"The title page is of {name}, not of {own.key}; the wrong office's document may be attached.",
                ),
                reading.file,
                block,
            )
        ]
    return _foreign_doings(reading, own)


def _foreign_doings(reading: DocumentReading, own: Office) -> list[Finding]:
    told: dict[str, list[Block]] = {}
    for block in reading.blocks:
        if mention := acts_for_another(block.text, own):
            told.setdefault(mention.office.key, []).append(block)
    return [
        found(
            "other_office",
            Bilingual(
                f"มี {len(blocks)} ข้อความที่กล่าวถึงการดำเนินงานของ {name}{_pages(blocks, 'หน้า')} โปรดตรวจสอบว่าเป็นผลงานของเขตนี้",
                f"{len(blocks)} passages tell the doings of {name}{_pages(blocks, 'pages')}. "
                "Please check whose work it is.",
            ),
            reading.file,
            blocks[0],
            certainty="likely" if len(blocks) > 1 else "possible",
        )
        for name, blocks in sorted(told.items())
    ]


def _is_title(block: Block) -> bool:
    return len(block.text) <= LONGEST_TITLE and not tells_of_partners(block.text)


def _names(block: Block, own: Office) -> bool:
    return any(same_office(own, mention.office) for mention in mentions(block.text))


def _pages(blocks: Sequence[Block], word: str) -> str:
    pages = sorted(Counter(block.page for block in blocks if block.page is not None))
    if not pages:
        return ""
    shown = ", ".join(map(str, pages[:8])) + (" …" if len(pages) > 8 else "")
    return f" ({word} {shown})"
