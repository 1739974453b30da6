"""Dates as offices write them, and which passages tell of another fiscal year."""

import pytest

from models.text.fiscal_year import tells_of_another_year, year_references


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("๑๔ กุมภาพันธ์ ๒๕๖๕", [(2565, 2)]),
        ("13 มิ.ย.61", [(2561, 6)]),
        ("29พย.61", [(2561, 11)]),
        ("17–19 พฤศจิกายน 2558", [(2558, 11)]),
        ("ธันวาคม พ.ศ. 2564", [(2564, 12)]),
        ("ปีงบประมาณ พ.ศ. ๒๕๖๔", [(2564, None)]),
        ("คำสั่งที่ 231/2564 (15 ต.ค. 64)", [(2564, 10)]),
        ("ปีการศึกษา 2564 และปี 2563", []),
        ("10 มิ.ย. 12 คน", []),
        ("ภาคเรียนที่ 1/2563", []),
    ],
    ids=[
        "thai digits", "short year", "no dots", "range", "with era", "fiscal year", "order number is none",
        "school year is none", "count after month is none", "term is none",
    ],
)  # fmt: skip
def test_references(text: str, expected: list[tuple[int, int | None]]) -> None:
    assert [(found.year, found.month) for found in year_references(text)] == expected


@pytest.mark.parametrize(
    ("text", "headings", "side"),
    [
        ("ประชุมเมื่อ 3 พ.ย. 2563", (), "before"),
        ("ประชุมเมื่อ 1 ตุลาคม 2564", (), None),
        ("ประชุมเมื่อ 30 กันยายน 2565", (), None),
        ("ประชุมเมื่อ 1 ตุลาคม 2565", (), "after"),
        ("ITA ปีงบประมาณ 2564 ได้ 86 ปีงบประมาณ 2565 ได้ 92", (), None),
        ("เบิกจ่ายได้ร้อยละ 94", ("ผลการดำเนินงานปีงบประมาณ 2564",), "before"),
        ("เบิกจ่ายเมื่อ 5 ก.พ. 2565", ("ผลการดำเนินงานปีงบประมาณ 2564",), None),
        ("เบิกจ่ายได้ร้อยละ 94", ("แผนปฏิบัติการ ปีงบประมาณ 2565", "บทที่ 2"), None),
    ],
    ids=[
        "before", "first day", "last day", "day after", "comparison", "heading decides", "own date wins",
        "heading of the year",
    ],
)  # fmt: skip
def test_sides(text: str, headings: tuple[str, ...], side: str | None) -> None:
    assert tells_of_another_year(text, headings, 2565) == side
