"""Makes blocks from the pages that arrived: running heads dropped, paragraphs joined, headings and tables carried.

Pure, so that it runs on whatever pages a file gave before it broke.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.blocks import Block, BlockType, Box, ReadBy
from pipeline.reading.layout.broken_rows import goes_on, rejoined
from pipeline.reading.layout.deskew import turned_back
from pipeline.reading.layout.headings import kinds, levels
from pipeline.reading.layout.joining import join, row_text, tidy
from pipeline.reading.layout.pages import PageReading, TableRow, TextLine
from pipeline.reading.layout.paragraphs import Paragraph, PlacedLine, make_paragraphs, without_bullet
from pipeline.reading.layout.running_heads import running_lines
from pipeline.reading.layout.style import Style, measure

_LOW = 0.6  # share of the page's height: a table that ends higher up did not run into the page end


@dataclass(frozen=True, slots=True)
class _PlacedRow:
    page: PageReading
    row: TableRow
    first_on_page: bool


_Item = PlacedLine | _PlacedRow


def assemble(pages: Sequence[PageReading]) -> list[Block]:
    """Make the document's blocks from the pages read, in order; pure, so it may run in parent or child."""
    items = _items(pages, running_lines(pages))
    among = [i.row for i in items if isinstance(i, _PlacedRow) and not i.row.ruled]
    style = measure([(i.page, i.width, i.line) for i in items if isinstance(i, PlacedLine)], among)
    blocks = _with_paths(_blocks(items, style), {page.page: page.read_by for page in pages})
    tilted = {page.page: page for page in pages if page.tilt}
    return [turned_back(block, tilted) for block in blocks] if tilted else blocks


def _items(pages: Sequence[PageReading], drop: set[tuple[int, int]]) -> list[_Item]:
    items: list[_Item] = []
    for index, page in enumerate(pages):
        last: TextLine | TableRow | None = None
        for place, element in enumerate(page.elements):
            if (index, place) in drop:
                continue
            if isinstance(element, TableRow):
                items.append(_PlacedRow(page, element, last is None))
            else:
                picture = _picture_between(page, last, element)
                broken = isinstance(last, TableRow) or picture
                items.append(PlacedLine(page.page, page.frame[0], element, broken, picture))
            last = element
    return items


def _picture_between(page: PageReading, last: TextLine | TableRow | None, line: TextLine) -> bool:
    """Tell whether a picture ends right above a line, below the line before it."""
    above = last.box.y1 if last is not None else 0.0
    return any(
        picture.y0 >= above - 12
        and picture.y1 <= line.box.y1
        and line.box.y0 - picture.y1 < 3 * line.size
        and picture.y1 - picture.y0 > 2 * line.size
        and picture.x0 < line.box.x1
        and line.box.x0 < picture.x1
        for picture in page.pictures
    )


def _blocks(items: Sequence[_Item], style: Style) -> list[Block]:
    """Make blocks in order; runs of lines become paragraphs, each row its own block."""
    blocks: list[Block] = []
    lines: list[PlacedLine] = []
    runs: list[list[Paragraph] | _PlacedRow] = []
    for item in items:
        if isinstance(item, PlacedLine):
            lines.append(item)
            continue
        if lines:
            runs.append(make_paragraphs(lines, style))
            lines = []
        runs.append(item)
    if lines:
        runs.append(make_paragraphs(lines, style))
    paragraphs = [p for run in runs if isinstance(run, list) for p in run]
    types = kinds(paragraphs, style)
    found = iter(zip(types, levels(paragraphs, types), strict=True))
    tables = _Tables()
    for run in runs:
        if isinstance(run, _PlacedRow):
            if blocks and tables.goes_on(run):
                blocks[-1] = tables.with_rest(blocks[-1], run)
                continue
            block = tables.block(run)
            blocks.extend([block] if block else [])
            continue
        tables.interrupted()
        for paragraph in run:
            kind, level = next(found)
            blocks.append(_paragraph_block(paragraph, kind, level))
    return blocks


def _paragraph_block(paragraph: Paragraph, kind: BlockType, level: int | None) -> Block:
    text = ""
    for placed in paragraph.lines:
        text = join(text, placed.line.text)
    page = paragraph.lines[0].page
    return Block(
        page=page,
        type=kind,
        level=level,
        text=tidy(without_bullet(text)) or tidy(text),
        boxes=tuple(placed.line.box for placed in paragraph.lines if placed.page == page),
        more_boxes=tuple((placed.page, placed.line.box) for placed in paragraph.lines if placed.page != page),
        doubtful=any(placed.line.doubtful for placed in paragraph.lines),
        confidence=_confidence([(placed.line.sure, len(placed.line.text)) for placed in paragraph.lines]),
        doubtful_numbers=tuple(number for placed in paragraph.lines for number in placed.line.numbers),
    )


def _confidence(lines: Sequence[tuple[float | None, int]]) -> float | None:
    """Return the mean of OCR's sureness, 0 to 1, weighted by lengths; None where no line is OCR's."""
    known = [(sure, length) for sure, length in lines if sure is not None]
    letters = sum(length for _, length in known)
    return round(sum(sure * length for sure, length in known) / letters / 100, 3) if letters else None


class _Tables:
    """Follows tables over page ends: carries headers, drops those printed again, makes broken rows whole."""

    def __init__(self) -> None:
        self._last: _PlacedRow | None = None
        self._before_header: _PlacedRow | None = None
        self._headers: dict[tuple[int, int], tuple[str, ...]] = {}

    def interrupted(self) -> None:
        """Text stands between: the next row opens a table."""
        self._last = self._before_header = None

    def goes_on(self, placed: _PlacedRow) -> bool:
        """Tell whether the row is the rest of the last one, which the page end broke."""
        last = self._before_header or self._last
        if last is None or placed.page.page != last.page.page + 1:
            return False
        if not (placed.first_on_page or self._before_header):
            return False
        low = last.row.box.y1 > _LOW * last.page.frame[1]
        return low and goes_on(last.row, placed.row)

    def with_rest(self, block: Block, placed: _PlacedRow) -> Block:
        """Return the block of a broken row with the rest on the next page."""
        last = self._before_header or self._last
        whole = rejoined(last.row, placed.row) if last else placed.row
        table = placed.page.page, placed.row.table
        self._headers.setdefault(table, self._headers[last.page.page, last.row.table] if last else ())
        self._last, self._before_header = replace(placed, row=whole), None
        more = tuple((placed.page.page, box) for box in placed.row.boxes)
        return replace(
            block,
            text=row_text(whole.cells),
            more_boxes=block.more_boxes + more,
            doubtful=whole.doubtful,
            confidence=_confidence([(whole.sure, 1)]),
            doubtful_numbers=whole.numbers,
        )

    def block(self, placed: _PlacedRow) -> Block | None:
        """Return the row's block, or None for a header printed again on a further page."""
        table = placed.page.page, placed.row.table
        opens = table not in self._headers
        if opens:
            self._headers[table] = self._carried(placed) or _header(placed.row)
        header = self._headers[table]
        carried = opens and self._carried(placed) is not None
        again = carried and placed.row.cells == header
        self._before_header = self._last if again else None
        self._last = placed
        if again:
            return None
        if not placed.row.ruled and sum(map(bool, placed.row.cells)) == 1:  # a rest without its beginning
            text = "".join(placed.row.cells)
            return Block(placed.page.page, "paragraph", text, placed.row.boxes)
        return Block(
            page=placed.page.page,
            type="table_row",
            text=row_text(placed.row.cells),
            boxes=placed.row.boxes or (Box(*placed.row.box),),
            table_header="" if (opens and not carried) or not header else row_text(header),
            doubtful=placed.row.doubtful,
            confidence=_confidence([(placed.row.sure, 1)]),
            doubtful_numbers=placed.row.numbers,
        )

    def _carried(self, placed: _PlacedRow) -> tuple[str, ...] | None:
        """Return the header of the table that ended the page before, if this row goes on with it."""
        last = self._last
        if last is None or not placed.first_on_page or last.page.page == placed.page.page:
            return None
        same = all(abs(last.row.edges[at] - placed.row.edges[at]) < 4 for at in (0, -1))
        return self._headers.get((last.page.page, last.row.table)) if same else None


def _header(row: TableRow) -> tuple[str, ...]:
    """Return the header that the first row of a table is; a row of amounts is none where no rules set it apart."""
    amounts = any(text and text.replace(",", "").replace(".", "").isdigit() for text in row.cells)
    return () if amounts and not row.ruled else row.cells


def _with_paths(blocks: list[Block], read_by: dict[int, ReadBy]) -> list[Block]:
    """Give each block the headings above it, and how its page was read."""
    path: list[tuple[int, str]] = []
    out: list[Block] = []
    for block in blocks:
        if block.type == "heading" and block.level:
            while path and path[-1][0] >= block.level:
                path.pop()
        how = read_by.get(block.page or 0, "text")
        out.append(replace(block, heading_path=tuple(text for _, text in path), read_by=how))
        if block.type == "heading" and block.level:
            path.append((block.level, block.text))
    return out
