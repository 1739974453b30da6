"""Results as a workbook for officers: one row a submission, a sheet a point, findings, readings, counts, and how to read it.

Written row by row while the store is read, so that its size costs no memory. There is no formula in it: whatever a cell shows
was counted here, and is seen alike in every program and preview.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from pipeline.export.request import Request
from pipeline.export.results import SubmissionResult
from pipeline.export.results_counts import Counts
from pipeline.export.results_loading import results
from pipeline.export.results_sheets import Column, SheetPlan, Value, explanation, plans
from pipeline.export.safe_text import clean, may_run
from pipeline.export.sheet_rows import BANGKOK, CellStyles, RowSpool, put_together
from pipeline.export.whole_file import written_whole
from pipeline.store.database import Store
from rubric.language import Bilingual

BUDDHIST_DATE = "[$-107041E]d mmm yyyy h:mm"
"""How Excel and LibreOffice show a moment in Thai and in the Buddhist era; the cell itself stays a number."""
PASSAGES = 3
FONT = "TH Sarabun New"
A3, A4 = 8, 9
"""Numbers of paper in workbooks."""
ROW_HEIGHT = 21.0
"""Points: a line of 14-point Thai with its marks; long cells show their first line until somebody widens the row."""
SUMMARY, EXPLANATION = Bilingual("สรุป", "Summary"), Bilingual("คำอธิบาย", "How to read")
_HEAD = PatternFill("solid", fgColor="FF1F4E78")
_LONGEST_ROWS = 1_048_575


def write(store: Store, out: Path, request: Request) -> int:
    """Write the workbook; returns how many submissions are in it.

    Raises:
        NotFoundError, InboxError: there is no such submission or batch; the file cannot be written.
    """
    book = Workbook(write_only=True)
    _set_font(book)
    counts = Counts(request.rubric)
    sheets = [_Sheet(book, plan, request) for plan in plans(request.rubric)]
    with store.snapshot() as session, written_whole(out) as part:
        try:
            for one in results(session, request, passages=PASSAGES):
                counts.add(one)
                for sheet in sheets:
                    sheet.add(one)
            for sheet in sheets:
                sheet.end()
            told = request.language
            full = [sheet.plan.title for sheet in sheets if sheet.full]
            _write_rows(book, SUMMARY.told(told), [26, 36, 20, 20, 20, 20], counts.rows(request))
            _write_rows(book, EXPLANATION.told(told), [30, 110], explanation(request, full))
            with tempfile.TemporaryDirectory(prefix="workbook-") as folder:
                shell = Path(folder) / "shell.xlsx"
                book.save(shell)
                spools = {f"xl/worksheets/sheet{at}.xml": sheet.spool for at, sheet in enumerate(sheets, 1)}
                put_together(shell, spools, part)
        finally:
            _close(book)
            for sheet in sheets:
                sheet.spool.close()
    return counts.submissions


def _set_font(book: Workbook) -> None:
    """Make the font of Thai offices that of every cell without a style of its own."""
    book._fonts.clear()
    book._fonts.add(Font(name=FONT, sz=14, family=2))


@dataclass(slots=True)
class _Sheet:
    """A sheet being written: head, filter and widths by its plan, then a row or more a submission."""

    plan: SheetPlan
    request: Request
    page: Any
    spool: RowSpool
    rows: int = 1
    full: bool = False

    def __init__(self, book: Workbook, plan: SheetPlan, request: Request) -> None:
        self.plan, self.request, self.rows, self.full = plan, request, 1, False
        self.page = book.create_sheet(plan.title.told(request.language))
        _lay_out(self.page, [column.width for column in plan.columns], freeze=plan.freeze)
        self.page.append(_head(self.page, plan.columns, request))
        self.spool = RowSpool(_styles(self.page))

    def add(self, one: SubmissionResult) -> None:
        """Write the rows of a submission; what a sheet cannot hold is left out and told on the last sheet."""
        for row in self.plan.rows(one, self.request):
            if self.rows > _LONGEST_ROWS - 1:
                self.full = True
                return
            self.rows += 1
            self.spool.add(self.rows, row)

    def end(self) -> None:
        """Put the filter over all that was written."""
        self.page.auto_filter.ref = f"A1:{get_column_letter(len(self.plan.columns))}{self.rows}"


def cell(page: Any, value: Value) -> Any:
    """Return what openpyxl writes for a value of a head or a small sheet; rows go through ``sheet_rows``.

    A text is a text, whatever it begins with, and keeps being one when it is edited (``quotePrefix``).
    """
    if isinstance(value, str):
        text = clean(value)
        if not may_run(text):
            return text
        made = WriteOnlyCell(page, value="")
        made._value, made.data_type, made.quotePrefix = text, "s", True
        return made
    if isinstance(value, dt.datetime):
        made = WriteOnlyCell(page, value=value.astimezone(BANGKOK).replace(tzinfo=None))
        made.number_format = BUDDHIST_DATE
        return made
    return value


def _styles(page: Any) -> CellStyles:
    """Return the numbers of the styles that rows are written in."""
    moment = cell(page, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    return CellStyles(moment.style_id, cell(page, "=").style_id)


def _head(page: Any, columns: Sequence[Column], request: Request) -> list[Any]:
    made = []
    for column in columns:
        one = _styled(
            page,
            column.title.told(request.language),
            font=Font(name=FONT, sz=14, bold=True, color="FFFFFFFF"),
            fill=_HEAD,
            alignment=Alignment(wrap_text=True, vertical="center"),
        )
        made.append(one)
    return made


def _lay_out(page: Any, widths: Sequence[int], freeze: str | None = None) -> None:
    for place, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(place)].width = width
    page.freeze_panes = freeze
    page.sheet_format.defaultRowHeight, page.sheet_format.customHeight = ROW_HEIGHT, True
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = A3 if freeze else A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = (2 if freeze else 1), 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    if freeze:
        page.row_dimensions[1].height = 2 * ROW_HEIGHT
        page.print_title_rows, page.print_title_cols = "1:1", "A:B"


def _write_rows(book: Workbook, title: str, widths: Sequence[int], rows: Iterable[Sequence[Value]]) -> None:
    """Write a sheet of plain rows; a row of one text is a heading, one of two a word with its text."""
    page = book.create_sheet(title)
    _lay_out(page, widths)
    for number, row in enumerate(rows, 1):
        made = [cell(page, value) for value in row]
        if len(row) == 1 and isinstance(row[0], str):
            made[0] = _styled(page, row[0], font=Font(name=FONT, sz=16, bold=True))
            page.row_dimensions[number].height = 1.5 * ROW_HEIGHT
        elif len(row) == 2 and isinstance(row[1], str):
            page.row_dimensions[number].height = ROW_HEIGHT * (1 + len(row[1]) // widths[1])
            made[1] = _styled(page, row[1], alignment=Alignment(wrap_text=True, vertical="top"))
        page.append(made)


def _styled(page: Any, text: str, **styles: Any) -> Any:
    made = cell(page, text)
    made = WriteOnlyCell(page, value=made) if isinstance(made, str) else made
    for name, style in styles.items():
        setattr(made, name, style)
    return made


def _close(book: Workbook) -> None:
    """Let go of the sheets' temporary files, also of a workbook that was given up half written."""
    for page in book.worksheets:
        if not page.closed:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                page.close()
            page._writer.cleanup()
