"""The many rows of a workbook, written as they are known: a spool of XML a sheet, put into the finished workbook at its end.

openpyxl makes the workbook, its styles and heads; its way of writing cells one by one took more than half of the time of ten
thousand results. A text is always a text here: it is written as such, whatever it begins with, so that nothing can run.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO, cast
from zoneinfo import ZoneInfo

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from pipeline.export.results_sheets import Value
from pipeline.export.safe_text import clean, may_run

BANGKOK = ZoneInfo("Asia/Bangkok")
CHUNK = 1 << 20
_END = b"</sheetData>"


@dataclass(frozen=True, slots=True)
class CellStyles:
    """Numbers of the workbook's styles: of a moment, and of a text that a spreadsheet might take for more (quotePrefix)."""

    moment: int
    quoted: int


class RowSpool:
    """The rows of one sheet, below its head."""

    def __init__(self, styles: CellStyles) -> None:
        self._styles = styles
        self._file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 -- closed with the workbook
        self._waiting: list[str] = []

    def add(self, number: int, values: Sequence[Value]) -> None:
        """Write a row; empty cells are left out."""
        cells = [self._cell(f"{_letters(at)}{number}", value) for at, value in enumerate(values, 1)]
        self._waiting.append(f'<row r="{number}">{"".join(cells)}</row>')
        if len(self._waiting) >= 200:
            self._flush()

    def close(self) -> None:
        """Let go of the temporary file."""
        self._file.close()

    def copy_to(self, target: BinaryIO) -> None:
        """Write all rows to ``target``."""
        self._flush()
        self._file.seek(0)
        while chunk := self._file.read(CHUNK):
            target.write(chunk)

    def _flush(self) -> None:
        self._file.write("".join(self._waiting).encode())
        self._waiting.clear()

    def _cell(self, place: str, value: Value) -> str:
        if isinstance(value, str):
            text = clean(value)
            if not text:
                return ""
            style = f' s="{self._styles.quoted}"' if may_run(text) else ""
            keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
            return f'<c r="{place}"{style} t="inlineStr"><is><t{keep}>{_escaped(text)}</t></is></c>'
        if value is None:
            return ""
        if isinstance(value, bool):
            return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
        if isinstance(value, dt.datetime):
            day = to_excel(value.astimezone(BANGKOK).replace(tzinfo=None))
            return f'<c r="{place}" s="{self._styles.moment}"><v>{day}</v></c>'
        return f'<c r="{place}"><v>{value}</v></c>'


def put_together(shell: Path, spools: Mapping[str, RowSpool], out: Path) -> None:
    """Write ``shell``, a workbook with heads alone, to ``out`` with the rows of its sheets (``xl/worksheets/sheet1.xml``)."""
    with (
        zipfile.ZipFile(shell) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as target,
    ):
        for entry in source.infolist():
            content = source.read(entry)
            with target.open(entry.filename, "w", force_zip64=True) as part:
                if (spool := spools.get(entry.filename)) is None:
                    part.write(content)
                    continue
                before, end, after = content.partition(_END)
                part.write(before)
                spool.copy_to(cast(BinaryIO, part))
                part.write(end + after)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


@cache
def _letters(column: int) -> str:
    return str(get_column_letter(column))
