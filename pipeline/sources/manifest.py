"""A list of offices as an agency keeps it: a CSV or Excel file with one row a document, and a copy with the results."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.passages import DocumentKind
from pipeline.intake.names import safe_name
from pipeline.secrecy import holds_secret
from rubric.exceptions import InboxError
from rubric.language import Bilingual

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "submission": ("submission", "ชุดเอกสาร", "รหัสชุดเอกสาร"),
    "office": ("office", "สำนักงาน", "สำนักงานเขตพื้นที่", "สำนักงานเขตพื้นที่การศึกษา", "เขต"),
    "province": ("province", "จังหวัด"),
    "fiscal_year": ("fiscal_year", "year", "ปีงบประมาณ"),
    "round": ("round", "รอบ"),
    "kind": ("kind", "ประเภท", "ประเภทเอกสาร"),
    "link": ("link", "url", "file", "path", "ไฟล์", "ลิงก์", "ที่อยู่ไฟล์"),
    "sha256": ("sha256", "sha-256", "digest"),
}
KINDS: Mapping[str, DocumentKind] = {
    "plan": "plan",
    "report": "report",
    "other": "other",
    "แผน": "plan",
    "รายงาน": "report",
    "อื่นๆ": "other",
    "อื่น ๆ": "other",
}
MOST_ROWS = 100_000
RESULT = "ผล / result"
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row.

    Attributes:
        row: its number in the file, counted from 1 with the heading.
        link: path or address of the document.
        sha256: of its content, "" where the list does not say.
    """

    row: int
    submission: str
    link: str
    office: str = ""
    province: str = ""
    fiscal_year: int | None = None
    round: int | None = None
    kind: DocumentKind | None = None
    sha256: str = ""


def read_manifest(file: Path) -> list[Entry]:
    """Read the list.

    Raises:
        InboxError: it cannot be read, or a row is wrong; the message names the row.
    """
    rows = _rows(file)
    if not rows:
        raise _wrong(file, "it is empty", "ไม่มีข้อมูล")
    places = {name: at for at, heading in enumerate(rows[0]) if (name := _column(heading)) is not None}
    if "link" not in places or not {"submission", "office"} & set(places):
        raise _wrong(
            file,
            "the heading must hold link, and office or submission",
            "หัวตารางต้องมีคอลัมน์ link (ไฟล์) และ office (สำนักงาน) หรือ submission (ชุดเอกสาร)",
        )
    entries = []
    for number, row in enumerate(rows[1:], 2):
        cells = {name: row[at].strip() if at < len(row) else "" for name, at in places.items()}
        if any(cells.values()):
            entries.append(_entry(file, number, cells))
    return entries


def write_results(file: Path, results: Mapping[int, Bilingual]) -> Path:
    """Write a copy of the list with one more column beside it; returns where.

    Args:
        results: row -> what became of it.
    """
    target = file.with_name(f"{file.stem}.results{file.suffix}")
    beside = target.with_name(f".{target.name}")
    told = {row: f"{one.th} / {one.en}" for row, one in results.items()}
    if file.suffix.lower() == ".csv":
        _write_csv(file, beside, told)
    else:
        _write_excel(file, beside, told)
    beside.replace(target)
    return target


def _rows(file: Path) -> list[list[str]]:
    try:
        if file.suffix.lower() == ".csv":
            return _csv_rows(file)
        if file.suffix.lower() == ".xlsx":
            return _excel_rows(file)
    except OSError as error:
        raise _wrong(file, error.strerror or str(error), error.strerror or str(error)) from error
    except Exception as error:  # openpyxl raises what it likes on a damaged file
        raise _wrong(file, type(error).__name__, "ไฟล์เสียหายหรือบันทึกผิดรูปแบบ") from error
    raise _wrong(file, "it must end in .csv or .xlsx", "ต้องเป็นไฟล์ .csv หรือ .xlsx")


def _csv_rows(file: Path) -> list[list[str]]:
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp874")  # as Excel writes it in Thailand
    sample = text[:4096]
    mark = max(",;\t", key=sample.split("\n", 1)[0].count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))[:MOST_ROWS]


def _excel_rows(file: Path) -> list[list[str]]:
    from openpyxl import load_workbook

    book = load_workbook(file, read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        return [[_text(cell) for cell in row] for row in sheet.iter_rows(max_row=MOST_ROWS, values_only=True)]
    finally:
        book.close()


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _column(heading: str) -> str | None:
    plain = " ".join(heading.strip().lower().split())
    return next((name for name, known in COLUMNS.items() if plain in known), None)


def _entry(file: Path, row: int, cells: Mapping[str, str]) -> Entry:
    office = " ".join(cells.get("office", "").split())
    name = safe_name(cells.get("submission", "") or office).replace("/", "-").strip(". ")
    if not name or not cells.get("link"):
        raise _wrong(file, f"row {row} names no office or no link", f"แถวที่ {row} ไม่มีสำนักงานหรือไม่มีลิงก์")
    if holds_secret(cells["link"].partition("?")[0]):
        raise _wrong(
            file,
            f"row {row}: user and password do not belong into the list",
            f"แถวที่ {row} มีชื่อผู้ใช้หรือรหัสผ่านในลิงก์ ซึ่งไม่ควรอยู่ในรายการ",
        )
    digest = cells.get("sha256", "").lower()
    if digest and not DIGEST.fullmatch(digest):
        raise _wrong(file, f"row {row}: sha256 has not 64 letters 0-9 a-f", f"แถวที่ {row} ค่า sha256 ไม่ถูกต้อง")
    kind = cells.get("kind", "").strip().lower()
    if kind and kind not in KINDS:
        raise _wrong(
            file,
            f"row {row}: kind must be plan, report or other",
            f"แถวที่ {row} ประเภทต้องเป็น plan, report หรือ other",
        )
    return Entry(
        row=row,
        submission=name,
        link=cells["link"],
        office=safe_name(office),
        province=safe_name(cells.get("province", "")),
        fiscal_year=_number(cells.get("fiscal_year", ""), range(2500, 2701)),
        round=_number(cells.get("round", ""), (6, 12)),
        kind=KINDS.get(kind),
        sha256=digest,
    )


def _number(text: str, allowed: Sequence[int]) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 6 and int(text) in allowed else None


def _write_csv(file: Path, target: Path, told: Mapping[int, str]) -> None:
    rows = _csv_rows(file)
    with target.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        for number, row in enumerate(rows, 1):
            writer.writerow([*row, RESULT if number == 1 else _harmless(told.get(number, ""))])


def _harmless(text: str) -> str:
    """A text that a spreadsheet cannot take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def _write_excel(file: Path, target: Path, told: Mapping[int, str]) -> None:
    from openpyxl import load_workbook

    book = load_workbook(file)
    sheet = book.worksheets[0]
    column = sheet.max_column + 1
    for number, text in {1: RESULT, **told}.items():
        cell = sheet.cell(number, column, text)
        cell.data_type = "s"  # a text, whatever it begins with
    book.save(target)
    book.close()


def _wrong(file: Path, why: str, why_th: str) -> InboxError:
    return InboxError(
        Bilingual(f"อ่านรายการ {file.name} ไม่ได้ ({why_th})", f"The list {file.name} cannot be used: {why}."),
        Bilingual(
            "แก้ไขรายการแล้วสั่งใหม่ ดูรูปแบบใน docs/sources.md",
            "Correct it and run again; docs/sources.md has its form.",
        ),
    )
