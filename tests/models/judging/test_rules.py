"""Each rule puts out what the guide says is no evidence, spares the guide's exceptions, and can be switched off."""

from dataclasses import replace

import numpy as np
import pytest

from models.judging.rules import RuleSettings, apply_rules
from rubric import Rubric
from tests.models.conftest import MakeItem

OWN = "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต 2"


def kept(rubric: Rubric, items: list, settings: RuleSettings | None = None) -> list[list[int]]:  # type: ignore[type-arg]
    ruled = apply_rules(rubric, items, settings or RuleSettings(), 2565, OWN)
    return [[rubric.numbers[p] for p in np.flatnonzero(row)] for row in ruled.factors]


def test_a_heading_is_never_evidence(rubric: Rubric, make_item: MakeItem) -> None:
    items = [make_item("ผลการดำเนินงาน ITA", type="heading"), make_item("ผลการดำเนินงาน ITA ระดับ A")]
    assert kept(rubric, items) == [[], list(rubric.numbers)]
    assert kept(rubric, items, RuleSettings(headings=False)) == [list(rubric.numbers)] * 2


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("ประชุมร่างแผนเมื่อ 26 สิงหาคม 2564", [3]),
        ("เสนอรายงานต่อ ก.ต.ป.น. 12 ต.ค. 65", [6]),
        ("ประชุมเมื่อ 26 สิงหาคม 2562", []),
        ("ประชุมเมื่อ 26 มกราคม 2565", [1, 2, 3, 4, 5, 6]),
    ],
    ids=["planning before the year", "report after the year", "long ago", "within"],
)
def test_another_year_counts_only_where_the_guide_says(
    rubric: Rubric, make_item: MakeItem, text: str, points: list[int]
) -> None:
    assert kept(rubric, [make_item(text)]) == [points]
    assert kept(rubric, [make_item(text)], RuleSettings(other_year=False)) == [list(rubric.numbers)]


def test_thai_digits_read_from_a_scan_decide_no_year(rubric: Rubric, make_item: MakeItem) -> None:
    assert kept(rubric, [make_item("เมื่อ ๒๖ มกราคม ๒๕๖๒", read_by="ocr")]) == [list(rubric.numbers)]


@pytest.mark.parametrize(
    ("header", "counts"),
    [
        ("| เรื่อง | ปีงบประมาณ พ.ศ. 2564 |", False),
        ("| เรื่อง | ปีงบประมาณ พ.ศ. 2565 |", True),
        ("| เรื่อง | ปี 2564 | ปี 2565 |", True),
        ("| เรื่อง | ผล |", True),
    ],
    ids=["last year's table", "this year's", "a comparison", "no year"],
)
def test_a_row_is_of_the_year_that_its_table_names(
    rubric: Rubric, make_item: MakeItem, header: str, counts: bool
) -> None:
    row = make_item("| ประชุมทบทวนแผน | 3 ครั้ง |", type="table_row", headings=("บทที่ 3 ผลการดำเนินงาน",))
    headed = replace(row, passage=replace(row.passage, table_header=header))
    assert kept(rubric, [headed]) == [list(rubric.numbers) if counts else []]


def test_another_offices_doing_is_out_a_partner_and_the_own_name_are_not(
    rubric: Rubric, make_item: MakeItem
) -> None:
    texts = [
        "สพป.เมืองทราย เขต 1 จัดอบรมครู 40 คน",
        "สพป.ศรีธารา เขต 2 จัดอบรมครู 40 คน",
        "จัดอบรมร่วมกับ สพป.เมืองทราย เขต 1 จำนวน 40 คน",
    ]
    assert [bool(points) for points in kept(rubric, [make_item(text) for text in texts])] == [
        False,
        True,
        True,
    ]


def test_an_exact_repeat_counts_once_in_the_report(rubric: Rubric, make_item: MakeItem) -> None:
    text = "ผอ.เขตประชุมติดตามงานทุกวันจันทร์แรกของเดือน รวม 11 ครั้งในรอบปี"
    items = [make_item(text, kind="plan"), make_item(text), make_item(text)]
    assert [bool(points) for points in kept(rubric, items)] == [False, True, False]
    short = [make_item("| รวม | 12 |"), make_item("| รวม | 12 |")]
    assert all(kept(rubric, short))


def test_without_year_and_office_those_rules_are_silent(rubric: Rubric, make_item: MakeItem) -> None:
    items = [make_item("ประชุมเมื่อ 26 สิงหาคม 2550"), make_item("สพป.เมืองทราย เขต 1 จัดอบรมครู")]
    assert apply_rules(rubric, items, RuleSettings(), None, "").factors.all()


LAW = "มาตรา ๗ ให้อธิการบดีมีอำนาจออกระเบียบว่าด้วยการจ่ายเงินทดรองของมหาวิทยาลัย"


def put_out(rubric: Rubric, items: list) -> list[bool]:  # type: ignore[type-arg]
    reasons = apply_rules(rubric, items, RuleSettings(repeats=False), 2565, OWN).reasons
    return [reasons.get(index) == "foreign_document" for index in range(len(items))]


def test_a_long_document_of_another_body_is_no_evidence_and_its_neighbours_stay(
    rubric: Rubric, make_item: MakeItem
) -> None:
    items = [make_item(f"{LAW} {n}") for n in range(200)] + [make_item(LAW, document=1)]
    assert put_out(rubric, items) == [True] * 200 + [False]


@pytest.mark.parametrize(
    "own",
    [["เสนอ สพป.ศรีธารา เขต 2"], ["อบรมครูโรงเรียนในสังกัด"] * 10],
    ids=["names an area office", "speaks of schools"],
)
def test_an_offices_own_long_document_stays(rubric: Rubric, make_item: MakeItem, own: list[str]) -> None:
    items = [make_item(f"{LAW} {n}") for n in range(200)] + [make_item(text) for text in own]
    assert not any(put_out(rubric, items))


def test_a_short_annex_that_names_nobody_stays(rubric: Rubric, make_item: MakeItem) -> None:
    assert not any(put_out(rubric, [make_item(f"{LAW} {n}") for n in range(20)]))


def test_reasons_name_the_rule(rubric: Rubric, make_item: MakeItem) -> None:
    items = [make_item("บทที่ 2", type="heading"), make_item("ประชุมเมื่อ 2 พ.ย. 2560"), make_item("อบรมครู")]
    assert apply_rules(rubric, items, RuleSettings(), 2565, OWN).reasons == {0: "headings", 1: "other_year"}
