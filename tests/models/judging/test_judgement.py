"""From predictions to a draft: what a reviewer reads, for a point found, half found, and not found."""

import pytest

from models.judging.judgement import judge
from models.judging.rules import RuleSettings
from models.judging.thresholds import JudgementSettings
from rubric import Rubric
from tests.models.conftest import MakeItem

SETTINGS = JudgementSettings(evidence_default=0.4)


def test_a_point_with_all_facets_in_detail_is_clear(rubric: Rubric, make_item: MakeItem) -> None:
    items = [make_item(f"ข้อความ {f}", practice=0.97, facets=[f]) for f in "abc"]
    point = judge(rubric, items, settings=SETTINGS).point(1)
    assert point.done and point.clear
    assert point.missing_facets == ()
    assert [one.facets for one in point.evidence] == [("a",), ("b",), ("c",)]
    assert "ชัดเจน" in point.reason.th


def test_a_missing_facet_is_named(rubric: Rubric, make_item: MakeItem) -> None:
    point = judge(rubric, [make_item(practice=0.97, facets=["a", "b"])], settings=SETTINGS).point(1)
    assert point.done and not point.clear
    assert point.missing_facets == ("c",)
    assert "(c)" in point.reason.th and "(c)" in point.reason.en


def test_a_missing_mission_is_named_as_part(rubric: Rubric, make_item: MakeItem) -> None:
    facets = ["a", "c", "d", "b:วิชาการ", "b:บริหารงานบุคคล", "b:บริหารทั่วไป"]
    items = [make_item(f"ข้อความ {f}", point=2, practice=0.98, facets=[f]) for f in facets]
    point = judge(rubric, items, settings=SETTINGS).point(2)
    assert point.missing_facets == ("b:งบประมาณ",)
    assert "ด้านงบประมาณ" in point.reason.th


def test_a_facet_claimed_without_detail_is_told_apart(rubric: Rubric, make_item: MakeItem) -> None:
    items = [
        make_item("หนึ่ง", practice=0.97, facets=["a", "b"]),
        make_item("สอง", practice=0.97, facets=["c"], detail=0.02),
    ]
    point = judge(rubric, items, settings=SETTINGS).point(1)
    assert point.unsupported_detail == ("c",)
    assert "ไม่มีรายละเอียด" in point.reason.th


def test_not_found_says_what_was_found_instead_and_what_came_nearest(
    rubric: Rubric, make_item: MakeItem
) -> None:
    items = [
        make_item("จะพัฒนาระบบ", point=4, topic=0.95, role="intent"),
        make_item("นวัตกรรม หมายถึง สิ่งใหม่", point=4, topic=0.95, role="restate"),
        make_item("ใกล้เคียง", point=4, practice=0.2),
    ]
    judged = judge(rubric, items, settings=SETTINGS)
    point = judged.point(4)
    assert not point.done and not point.clear and point.evidence == ()
    assert point.nearest[0].item == 2
    assert {one.role for one in point.others} == {"intent", "restate"}
    assert "แผนหรือเป้าหมาย 1 รายการ" in point.reason.th
    assert any(a.code == "not_found" and a.point == 4 for a in judged.needs_attention)


def test_evidence_comes_best_first_with_its_reason(rubric: Rubric, make_item: MakeItem) -> None:
    items = [make_item("ก", practice=0.6), make_item("ข", practice=0.9), make_item("ค", practice=0.3)]
    evidence = judge(rubric, items, settings=SETTINGS).point(1).evidence
    assert [one.item for one in evidence] == [1, 0]
    assert evidence[0].why.th.startswith("ปฏิบัติจริง")


def test_told_then_cancelled_across_documents_is_a_contradiction(rubric: Rubric, make_item: MakeItem) -> None:
    items = [
        make_item("เปิดรายการสดศรีพนาพบประชาชนทางสถานีวิทยุชุมชนทุกเดือน", point=5, practice=0.9, facets=["b"]),
        make_item("เพจมีผู้ติดตาม 9,862 ราย", point=5, practice=0.9, facets=["c"]),
        make_item(
            "รายการสดศรีพนาพบประชาชนทางสถานีวิทยุชุมชน ไม่ได้ออกอากาศ",
            point=5, topic=0.95, role="negative", document=1,
        ),
    ]  # fmt: skip
    judged = judge(rubric, items, settings=SETTINGS)
    assert [one.item for one in judged.point(5).contradicted] == [2]
    assert any(a.code == "contradiction" and a.point == 5 for a in judged.needs_attention)


def test_evidence_from_scans_alone_asks_for_a_look_at_the_original(
    rubric: Rubric, make_item: MakeItem
) -> None:
    items = [make_item(f"ข้อ {f}", practice=0.97, facets=[f], read_by="ocr") for f in "abc"]
    codes = {(a.code, a.point) for a in judge(rubric, items, settings=SETTINGS).needs_attention}
    assert ("ocr_only", 1) in codes


def test_nothing_readable_is_a_draft_too(rubric: Rubric) -> None:
    judged = judge(rubric, [])
    assert judged.score == min(rubric.scores)
    assert not any(point.done for point in judged.points)
    assert sum(judged.score_probabilities.values()) == pytest.approx(1)


def test_rules_apply_before_judging(rubric: Rubric, make_item: MakeItem) -> None:
    items = [make_item("ประชุมเมื่อ 3 พ.ย. 2560", practice=0.97, facets=["a", "b", "c"])]
    assert not judge(rubric, items, settings=SETTINGS, fiscal_year=2565).point(1).evidence
    switched = SETTINGS.model_copy(update={"rules": RuleSettings(other_year=False)})
    assert judge(rubric, items, settings=switched, fiscal_year=2565).point(1).evidence


def test_the_same_items_give_the_same_judgement(rubric: Rubric, make_item: MakeItem) -> None:
    items = [make_item(f"ข้อ {n}", practice=n / 10, facets=["a"]) for n in range(10)]
    assert judge(rubric, items, settings=SETTINGS) == judge(rubric, items, settings=SETTINGS)
