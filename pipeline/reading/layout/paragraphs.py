"""Joins lines into paragraphs, over line ends, columns and page ends.

Thai gives no help: no capital letters, no full stops, no hyphens. What tells is where lines start and end: an indented
start, an end well before the margin, a wider step, another size or weight, a bullet or number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.reading.layout.pages import TextLine
from pipeline.reading.layout.style import Style
from pipeline.reading.thai import arabic

BULLET = re.compile(r"^\s*[•●○▪■□◻❖➢➤►▶✓✔☑☐★·∙‣◦◆◇*–—-](?:\s+|(?=[\u0e00-\u0e7f]))")
MARKS = "☑☐✓✔☒"
"""Signs that say something on a form, unlike bullets."""
_NUMBERED = re.compile(
    r"^\s*(?:\(?\d{1,2}(?:\.\d{1,2}){0,4}[.)]|\d{1,2}(?:\.\d{1,2}){1,4}\s|\(?[ก-ฮ][.)]|\([ก-ฮ]\)|[a-zA-Z][.)])\s*(?=\D)"
)
OPENING = re.compile(
    r"^\s*(?:บทที่|ส่วนที่|ตอนที่|หมวด(?:ที่)?|ภาคผนวก|มาตรฐานที่|ประเด็นที่|ตัวชี้วัดที่|กลยุทธ์ที่|ยุทธศาสตร์ที่|ข้อ)\s*\d"
)
CAPTION = re.compile(
    r"^\s*(?:ภาพ(?:ที่|ประกอบ)?|รูป(?:ที่|ภาพ(?:ที่)?)|แผนภาพ(?:ที่)?|แผนภูมิ(?:ที่)?|ตาราง(?:ที่)?|Figure|Table)\s*\d"
)
_SIGNATURE = re.compile(
    r"^\(\s*(?:นาย|นาง|น\.ส\.|ดร\.|ว่าที่|ผศ|รศ|ศ\.|ศาสตราจารย์|ผู้ช่วยศาสตราจารย์|รองศาสตราจารย์|พระ|พล|พัน|ร้อย|สิบ|จ่า|Mr|Mrs|Ms|Miss|Dr)[^()]*\)$"
)
_SPACE = re.compile(r"\s")
_MOST_ROOM = 0.35  # share of the column a wrapped line may leave empty before a long Thai word


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line with its page (from 1), the page's width, and whether a table or picture stands right before it."""

    page: int
    width: float
    line: TextLine
    after_break: bool = False
    after_picture: bool = False


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together, in order."""

    lines: list[PlacedLine] = field(default_factory=list)

    @property
    def first(self) -> TextLine:
        """The opening line."""
        return self.lines[0].line

    @property
    def bulleted(self) -> bool:
        """It opens with a bullet."""
        return bool(BULLET.match(self.first.text))

    @property
    def numbered(self) -> bool:
        """It opens with a number such as ``1.``, ``1.1``, ``(1)``, ``ก.``."""
        return is_numbered(self.first.text)


def without_bullet(text: str) -> str:
    """A bullet says nothing that the type ``list_item`` does not; a ticked box does."""
    found = BULLET.match(text)
    return text if not found or found[0].strip() in MARKS else text[found.end() :]


def is_numbered(text: str) -> bool:
    """Tell whether a line opens with an item number."""
    return bool(_NUMBERED.match(arabic(text)))


def is_signature(text: str) -> bool:
    """Tell whether a line is the name under a signature: ``(นายตัวอย่าง ใจดี)``."""
    return bool(_SIGNATURE.match(text.strip()))


def make_paragraphs(lines: Sequence[PlacedLine], style: Style) -> list[Paragraph]:
    """Return the paragraphs the lines form, in order."""
    paragraphs: list[Paragraph] = []
    for placed in lines:
        if paragraphs and _goes_on(paragraphs[-1], placed, style):
            paragraphs[-1].lines.append(placed)
        else:
            paragraphs.append(Paragraph([placed]))
    return paragraphs


def _goes_on(paragraph: Paragraph, placed: PlacedLine, style: Style) -> bool:
    """Tell whether a line goes on with the paragraph before it."""
    before, line = paragraph.lines[-1], placed.line
    if placed.after_break or before.line.tabbed or line.tabbed or _differs(before.line, line):
        return False
    if is_signature(before.line.text) or BULLET.match(line.text) or CAPTION.match(arabic(line.text)):
        return False
    if before.page != placed.page or line.new_region:
        return (
            _is_full(before, placed, style)
            and not _opens(paragraph, placed, style)
            and not _starts_item(line)
        )
    step, usual = line.baseline - before.line.baseline, style.line_step(line.size)
    if not 0.4 * line.size <= step <= 1.3 * usual + 1:
        return False
    wider = step > usual + max(2.0, 0.08 * usual) + style.jitter
    if _centred(before, style) and _centred(placed, style):
        return not wider and _is_full(before, placed, style, centred=True)
    if not wider and _last_of_centred(paragraph, placed, style):
        return True
    if wider or _opens(paragraph, placed, style):
        return False
    if _back_at_margin(paragraph, placed, style):
        return _room(before, style) < _MOST_ROOM * _column_width(before, style)
    return _is_full(before, placed, style)


def _differs(last: TextLine, line: TextLine) -> bool:
    return abs(last.size - line.size) > 0.07 * max(last.size, line.size) or last.bold != line.bold


def _starts_item(line: TextLine) -> bool:
    return is_numbered(line.text) or bool(OPENING.match(arabic(line.text)))


def _back_at_margin(paragraph: Paragraph, placed: PlacedLine, style: Style) -> bool:
    """Where first lines are indented, a line at the margin goes on with the indented paragraph before it."""
    if not style.indents or paragraph.bulleted:
        return False
    size = placed.line.size
    return _start(paragraph.lines[0], style) > 0.9 * size and _start(placed, style) <= 0.6 * size


def _start(placed: PlacedLine, style: Style) -> float:
    return placed.line.box.x0 - style.column(placed.line, placed.width)[0]


def _room(placed: PlacedLine, style: Style) -> float:
    return style.column(placed.line, placed.width)[1] - placed.line.box.x1


def _column_width(placed: PlacedLine, style: Style) -> float:
    left, right = style.column(placed.line, placed.width)
    return right - left


def _opens(paragraph: Paragraph, placed: PlacedLine, style: Style) -> bool:
    """Tell whether a line's start looks like a paragraph's first line rather than a further one."""
    size, start = placed.line.size, _start(placed, style)
    if len(paragraph.lines) > 1:
        body = _start(paragraph.lines[-1], style)
        return start > body + 0.9 * size or start < body - 1.5 * size
    opening = _start(paragraph.lines[0], style)
    if paragraph.bulleted or paragraph.numbered:
        return start > opening + 4 * size or 0.9 * size < start < opening - 0.9 * size
    return start > opening + 0.9 * size or (
        style.indents and start > 0.9 * size and start > opening - 0.5 * size
    )


def _is_full(before: PlacedLine, placed: PlacedLine, style: Style, *, centred: bool = False) -> bool:
    """Tell whether the next line's first word had no room left on the line before."""
    room = _room(before, style)
    if centred:
        room += _start(before, style)
    return room <= _first_word(placed.line) + 0.6 * before.line.size


def _last_of_centred(paragraph: Paragraph, placed: PlacedLine, style: Style) -> bool:
    """A centred line under a full one ends a title or caption set in the middle."""
    first, before = paragraph.first, paragraph.lines[-1]
    stands_out = first.bold or first.size > 1.05 * style.size or bool(CAPTION.match(arabic(first.text)))
    return (
        stands_out
        and _centred(placed, style)
        and _room(before, style) + _start(before, style) < 2.5 * first.size
    )


def _first_word(line: TextLine) -> float:
    """Estimate the width of a line's first unbreakable piece: up to a blank, or as long as Thai words get."""
    text = line.text.strip()
    word = _SPACE.split(text, maxsplit=1)[0]
    return (line.box.x1 - line.box.x0) * min(len(word), 16) / max(len(text), 1)


def _centred(placed: PlacedLine, style: Style) -> bool:
    left, right = style.column(placed.line, placed.width)
    before, after = placed.line.box.x0 - left, right - placed.line.box.x1
    return min(before, after) > 1.2 * placed.line.size and abs(before - after) < 0.8 * placed.line.size + 2
