"""Labelled offices: blocks get the context that screening gives, labels are held against the stated points."""

from pathlib import Path

import pytest

from models.labelled import CORPUS, Label, derive_points, faults_of, load_corpus, load_office
from rubric import Rubric
from rubric.exceptions import CorpusError

META = """
office: สำนักงานเขตพื้นที่การศึกษาประถมศึกษาทดสอบ เขต 1
fiscal_year: 2565
documents: [{file: plan.txt, kind: plan}]
points: {1: {done: true, clear: false}, 2: {done: false, clear: false}, 3: {done: false, clear: false},
         4: {done: false, clear: false}, 5: {done: false, clear: false}, 6: {done: false, clear: false}}
score: 1
"""
PLAN = """# แผน

คำนำของเล่ม

## บทที่ 1

@@ 1 practice facets=a detail
ผอ.เขตประชุมติดตาม 11 ครั้ง

---
| กลุ่ม | ผล |
@@ 2 intent
| แผน | จะทำ |
| พัสดุ | ทำแล้ว |

! ภาพ 1
- ข้อหนึ่ง
"""


def write(folder: Path, plan: str = PLAN, meta: str = META) -> Path:
    office = folder / "x01"
    office.mkdir()
    (office / "meta.yaml").write_text(meta, "utf-8")
    (office / "plan.txt").write_text(plan, "utf-8")
    return office


def test_blocks_have_type_heading_path_header_and_neighbours(tmp_path: Path, rubric: Rubric) -> None:
    office = load_office(write(tmp_path), rubric)
    passages = [row.passage for row in office.rows]
    assert [p.type for p in passages] == [
        "heading", "paragraph", "heading", "paragraph", "table_row", "table_row", "table_row", "caption", "list_item",
    ]  # fmt: skip
    assert passages[3].heading_path == ("แผน", "บทที่ 1")
    assert passages[2].heading_path == ("แผน",)
    assert [p.table_header for p in passages[4:7]] == ["", "| กลุ่ม | ผล |", "| กลุ่ม | ผล |"]
    assert passages[5].previous == "| กลุ่ม | ผล |"
    assert passages[5].following == "| พัสดุ | ทำแล้ว |"
    assert passages[0].previous == passages[-1].following == ""
    assert office.rows[3].labels == (Label(1, "practice", ("a",), True),)
    assert office.author == "x"


def test_faults_name_points_and_score_that_disagree_with_the_labels(tmp_path: Path, rubric: Rubric) -> None:
    office = load_office(write(tmp_path, meta=META.replace("2: {done: false", "2: {done: true")), rubric)
    assert [fault.split(":")[0] for fault in faults_of(office, rubric)] == ["point 2"]
    assert load_corpus([tmp_path], rubric) == []


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (PLAN.replace("facets=a", "facets=z"), "line 7: point 1 has no facet z"),
        (PLAN.replace("@@ 1 practice", "@@ 9 practice"), "line 7: not a label"),
        (PLAN.replace("@@ 1 practice", "@@ 1 wished"), "line 7: not a label"),
        (PLAN.replace(" detail", " details"), "line 7: unknown word 'details'"),
    ],
    ids=["unknown facet", "unknown point", "unknown role", "unknown word"],
)
def test_a_bad_label_is_told_with_its_line(tmp_path: Path, rubric: Rubric, plan: str, told: str) -> None:
    with pytest.raises(CorpusError, match=told):
        load_office(write(tmp_path, plan), rubric)


def test_a_missing_document_is_told(tmp_path: Path, rubric: Rubric) -> None:
    office = write(tmp_path)
    (office / "plan.txt").unlink()
    with pytest.raises(CorpusError, match=r"plan\.txt"):
        load_office(office, rubric)


MISSIONS = ("วิชาการ", "งบประมาณ", "บริหารงานบุคคล", "บริหารทั่วไป")


@pytest.mark.parametrize(
    ("labels", "clear", "missing"),
    [
        ([("a", True), ("c", True), ("d", True), ("b", True)], True, ()),
        ([("a", True), ("c", True), ("d", False), ("b", True)], False, ("d",)),
        (
            [("a", True), ("c", True), ("d", True), *((f"b:{m}", m == MISSIONS[0]) for m in MISSIONS)],
            True,
            (),
        ),
        ([("a", True), ("c", True), ("d", True), *((f"b:{m}", True) for m in MISSIONS[:3])], False, ("b",)),
    ],
    ids=["whole", "one facet without detail", "four parts together", "three parts only"],
)
def test_clear_needs_every_facet_with_detail(
    rubric: Rubric, labels: list[tuple[str, bool]], clear: bool, missing: tuple[str, ...]
) -> None:
    state = derive_points([Label(2, "practice", (facet,), detail) for facet, detail in labels], rubric)[2]
    assert state.done
    assert state.clear == clear
    assert state.missing == missing


def test_every_bundled_office_is_sound(rubric: Rubric) -> None:
    folders = [path.parent for path in CORPUS.glob("*/meta.yaml")]
    assert len(load_corpus([CORPUS], rubric)) == len(folders) >= 60
