"""Makes pages with tables that have no column rules, whose every row is known, and pages that hold no table at all.

Five ways in which offices set such tables, and five kinds of page that look like one from afar. All from a seed, so that
a page can be made again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reading.thaipdf import ThaiPdf
from pipeline.reading.thai.alphabet import MARK_SET

Row = tuple[str, ...]
LEFT, RIGHT = 60.0, 535.0
_WORDS = [
    "โครงการ",
    "ส่งเสริม",
    "พัฒนา",
    "คุณภาพ",
    "การศึกษา",
    "ครู",
    "และ",
    "บุคลากร",
    "ผู้เรียน",
    "นิเทศ",
    "ติดตาม",
    "ประเมินผล",
    "ระบบ",
    "ข้อมูล",
    "สารสนเทศ",
    "เพื่อ",
    "การบริหาร",
    "สถานศึกษา",
    "แผนงาน",
    "ประชุม",
    "ปฏิบัติการ",
    "อบรม",
    "เครือข่าย",
    "มาตรฐาน",
    "วิชาการ",
    "ทักษะ",
    "อาชีพ",
    "ชุมชน",
    "ความปลอดภัย",
    "งบประมาณ",
    "กิจกรรม",
    "ท้องถิ่น",
]
_GROUPS = ("กลุ่มนโยบายและแผน", "กลุ่มนิเทศฯ", "กลุ่มอำนวยการ", "กลุ่มบริหารงานบุคคล", "กลุ่มส่งเสริมฯ", "หน่วยตรวจสอบ")
_LEVELS = ("ดี", "ดีมาก", "ดีเยี่ยม", "พอใช้", "ปรับปรุง")
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


@dataclass(frozen=True, slots=True)
class Made:
    """A page and the rows that stand on it (none on pages without a table)."""

    path: Path
    kind: str
    rows: tuple[Row, ...]


def wide(text: str, size: float) -> float:
    """Return how wide a text is drawn, in points."""
    return 0.5 * size * sum(letter not in MARK_SET for letter in text)


def words(draw: random.Random, count: int) -> str:
    return "".join(draw.choice(_WORDS) for _ in range(count))


def wrapped(draw: random.Random, width: float, size: float, lines: int) -> list[str]:
    """Return lines of words, all but the last as full as words allow."""
    out: list[str] = []
    for place in range(lines):
        line = draw.choice(_WORDS)
        for _ in range(80):
            word = draw.choice(_WORDS)
            if wide(line + word, size) > width or (place == lines - 1 and draw.random() < 0.4):
                break
            line += word
        out.append(line)
    return out


def prose(draw: random.Random, pdf: ThaiPdf, top: float, lines: int, size: float, step: float) -> float:
    for place, text in enumerate(wrapped(draw, RIGHT - LEFT - 30, size, lines)):
        pdf.line(LEFT + (30 if place == 0 else 0), top + step * place, text, size)
    return top + step * lines


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    width: float
    fill: Callable[[random.Random, int, float, float], list[str]]
    align: str = "left"


def _number(draw: random.Random, row: int, width: float, size: float) -> list[str]:
    return [str(row + 1)]


def _text(draw: random.Random, row: int, width: float, size: float) -> list[str]:
    return wrapped(draw, width, size, 1)


def _long(draw: random.Random, row: int, width: float, size: float) -> list[str]:
    return wrapped(draw, width, size, draw.choice((1, 2, 2, 3, 4)))


def _amount(draw: random.Random, row: int, width: float, size: float) -> list[str]:
    return [f"{draw.randint(1, 900) * 100:,}"]


def _share(draw: random.Random, row: int, width: float, size: float) -> list[str]:
    return [f"{draw.uniform(1, 99):.1f}"]


def _group(draw: random.Random, row: int, width: float, size: float) -> list[str]:
    return [draw.choice([text for text in _GROUPS if wide(text, size) <= width] or ["กลุ่ม"])]


def _level(draw: random.Random, row: int, width: float, size: float) -> list[str]:
    return [draw.choice(_LEVELS)]


def _columns(
    draw: random.Random, text: Callable[[random.Random, int, float, float], list[str]]
) -> list[_Column]:
    """Return three to five columns of a plan or a list of results that fill the page's width."""
    align = draw.choice(("left", "centre"))
    found = [_Column("ที่", 34, _number, align)] if draw.random() < 0.75 else []
    found.append(_Column(draw.choice(("โครงการ", "รายการ", "ชื่อโรงเรียน")), draw.choice((150, 170, 190)), text))
    rest = [
        _Column("งบประมาณ", 80, _amount, draw.choice(("right", "centre"))),
        _Column("ร้อยละ", 60, _share, draw.choice(("right", "centre"))),
        _Column("ผู้รับผิดชอบ", 118, _group),
        _Column("ผลการประเมิน", 90, _level, draw.choice(("left", "centre"))),
    ]
    draw.shuffle(rest)
    for column in rest:
        if len(found) < 5 and sum(c.width + 12 for c in found) + column.width < RIGHT - LEFT:
            found.append(column)
    return found


def _placed(text: str, left: float, column: _Column, size: float) -> float:
    room = column.width - wide(text, size)
    return left + {"left": 0.0, "right": room, "centre": room / 2}[column.align]


@dataclass(slots=True)
class _Style:
    """How a table is set: what stands between rows, where short cells stand, in which order the file has the cells."""

    gap: float = 0.0
    middle: bool = False
    rules: str = ""
    by_line: bool = False
    total: bool = False


def _table(
    draw: random.Random,
    pdf: ThaiPdf,
    top: float,
    columns: Sequence[_Column],
    style: _Style,
    size: float,
    count: int,
) -> tuple[float, list[Row]]:
    """Write a table; returns where it ends and its rows."""
    step, gutter = 1.45 * size, draw.choice((9.0, 12.0, 18.0))
    thai = draw.random() < 0.3
    cells = [[[column.title] for column in columns]]
    for row in range(count):
        cells.append([column.fill(draw, row, column.width, size) for column in columns])
    if style.total:
        last = [
            ["รวม"] if place == len(columns) - 3 else column.fill(draw, 0, column.width, size)
            for place, column in enumerate(columns)
        ]
        cells.append([text if place >= len(columns) - 3 else [""] for place, text in enumerate(last)])
    if thai:
        cells = [[[line.translate(_THAI_DIGITS) for line in cell] for cell in row] for row in cells]
    y = top + size
    if style.rules:
        pdf.rule(LEFT, top - 4, RIGHT, top - 4)
    for number, row in enumerate(cells):
        high = max(len(cell) for cell in row)
        placed = []
        left = LEFT + 2
        for column, cell in zip(columns, row, strict=True):
            down = (high - len(cell)) / 2 if style.middle else 0.0
            for place, line in enumerate(cell):
                placed.append((y + (down + place) * step, _placed(line, left, column, size), line))
            left += column.width + gutter
        for baseline, x, line in sorted(placed) if style.by_line else placed:
            if line:
                pdf.line(x, baseline, line, size)
        y += high * step + style.gap
        if style.rules == "all" or (style.rules and number in (0, len(cells) - 1)):
            pdf.rule(LEFT, y - size - style.gap / 2 + 1, RIGHT, y - size - style.gap / 2 + 1)
    return y, [tuple("".join(cell) for cell in row) for row in cells]


def _styled(
    name: str, draw: random.Random
) -> tuple[_Style, Callable[[random.Random, int, float, float], list[str]]]:
    by_line = draw.random() < 0.4
    if name == "tabs":
        return _Style(by_line=by_line), _text
    if name == "wrapped":
        return _Style(by_line=by_line), _long
    if name == "amounts":
        return _Style(by_line=by_line, total=True, gap=draw.choice((0.0, 4.0))), _text
    if name == "above and below":
        return _Style(by_line=by_line, rules="ends", gap=draw.choice((2.0, 6.0))), _long
    return _Style(
        by_line=by_line, rules=draw.choice(("all", "")), gap=12.0, middle=draw.random() < 0.6
    ), _long


STYLES = ("tabs", "wrapped", "amounts", "above and below", "spaced")
NO_TABLES = ("prose", "columns", "list", "form", "contents")


def table_page(path: Path, style: str, seed: int) -> Made:
    """Write a page with prose, a table of the style, and prose again."""
    draw = random.Random(f"{style} {seed}")
    size = draw.choice((12.0, 13.0, 14.0))
    pdf = ThaiPdf().page()
    top = prose(draw, pdf, 80, draw.randint(2, 5), size, 1.6 * size) + draw.choice((4.0, 14.0))
    how, text = _styled(style, draw)
    columns = _columns(draw, text)
    y, rows = _table(draw, pdf, top, columns, how, size, draw.randint(4, 9))
    if y < 720:
        prose(draw, pdf, y + draw.choice((6.0, 16.0)), draw.randint(2, 4), size, 1.6 * size)
    return Made(pdf.save(path), style, tuple(rows))


def plain_page(path: Path, kind: str, seed: int) -> Made:
    """Write a page that holds no table."""
    draw = random.Random(f"{kind} {seed}")
    size = draw.choice((12.0, 13.0, 14.0))
    step = draw.choice((1.5, 1.7)) * size
    pdf = ThaiPdf().page()
    y = prose(draw, pdf, 80, 3, size, step) + 10
    {"prose": _blanks, "columns": _two_columns, "list": _list, "form": _form, "contents": _contents}[kind](
        draw, pdf, y, size, step
    )
    return Made(pdf.save(path), kind, ())


def _blanks(draw: random.Random, pdf: ThaiPdf, top: float, size: float, step: float) -> None:
    """Justified paragraphs: blanks as wide as a narrow gutter."""
    for place in range(24):
        pen = LEFT
        pieces = [words(draw, draw.randint(1, 4)) for _ in range(4)]
        room = RIGHT - LEFT - sum(wide(piece, size) for piece in pieces)
        while room < 12 * len(pieces) and len(pieces) > 2:
            room += wide(pieces.pop(), size)
        for piece in pieces:
            pdf.line(pen, top + step * place, piece, size)
            pen += wide(piece, size) + min(max(room / max(len(pieces) - 1, 1), 4), 14)


def _two_columns(draw: random.Random, pdf: ThaiPdf, top: float, size: float, step: float) -> None:
    count = draw.choice((2, 2, 3))
    gutter = draw.choice((16.0, 24.0, 36.0))
    width = (RIGHT - LEFT - gutter * (count - 1)) / count
    for column in range(count):
        shift = draw.choice((0.0, 0.0, 5.0)) if column else 0.0
        for place, text in enumerate(wrapped(draw, width, size, draw.randint(9, 18))):
            pdf.line(LEFT + column * (width + gutter), top + shift + step * place, text, size)


def _list(draw: random.Random, pdf: ThaiPdf, top: float, size: float, step: float) -> None:
    y, hang, bullet = top, draw.choice((24.0, 36.0)), draw.choice(("1.", "•", "1)", "ข้อ 1"))
    for item in range(9):
        pdf.line(LEFT, y, bullet.replace("1", str(item + 1)), size)
        for text in wrapped(draw, RIGHT - LEFT - hang - 20, size, draw.choice((1, 2, 3))):
            pdf.line(LEFT + hang + 16, y, text, size)
            y += step


def _form(draw: random.Random, pdf: ThaiPdf, top: float, size: float, step: float) -> None:
    dotted = draw.random() < 0.6
    for place in range(12):
        label = words(draw, draw.choice((1, 2)))
        pdf.line(LEFT, top + step * place, f"{label} :" if not dotted else label, size)
        dots = "." * draw.randint(20, 40) if dotted else words(draw, 2)
        pdf.line(LEFT + 160, top + step * place, dots, size)
        if dotted:
            pdf.line(LEFT + 160 + wide(dots, size) + 12, top + step * place, "." * 10, size)


def _contents(draw: random.Random, pdf: ThaiPdf, top: float, size: float, step: float) -> None:
    pdf.line(260, top, "สารบัญ", size + 4)
    page, dotted, parts = 1, draw.random() < 0.4, draw.random() < 0.5
    pdf.line(RIGHT - wide("หน้า", size), top + step, "หน้า", size)
    for place in range(14):
        y = top + step * (2 + place)
        if parts:
            pdf.line(LEFT, y, f"{place + 1}.", size)
        left = LEFT + (30 if parts else 0)
        end = pdf.line(left, y, words(draw, draw.randint(2, 6)), size)
        if dotted:
            pdf.line(end + 4, y, "." * int((RIGHT - end - 40) / (0.5 * size)), size)
        pdf.line(RIGHT - wide(str(page), size), y, str(page), size)
        page += draw.randint(1, 6)
