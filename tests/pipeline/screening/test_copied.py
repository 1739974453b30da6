"""Copied text: found between offices, not within one, and not where all of Thailand writes the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.blocks import Block
from pipeline.screening.copied import BOILERPLATE, Source, copied_text, national_grams
from pipeline.screening.fingerprints import comparable, fingerprint, grams, likeness, unpack
from rubric import load_rubric

TOLD = (
    "กลุ่มนโยบายและแผนประชุมติดตามการใช้จ่ายงบประมาณทุกไตรมาสร่วมกับผู้แทนโรงเรียนขนาดเล็กบนเกาะ "
    "และโอนเงินคงเหลือไปจัดซื้อเรือรับส่งครูเมื่อวันที่ 12 มีนาคม 2565"
)
OTHER = "ศูนย์ข้อมูลของสำนักงานจัดเก็บทะเบียนครุภัณฑ์ บุคลากร และนักเรียน แล้วปรับปรุงทุกวันที่ 10 ของเดือนผ่านระบบที่พัฒนาขึ้นเอง"
NATIONAL = national_grams(load_rubric("esa-2560-1.1"))


def source(
    name: str, *texts: str, office: str = "", evidence: bool = True, kind: str = "paragraph"
) -> Source:
    blocks = [Block(place + 1, kind, text) for place, text in enumerate(texts)]  # type: ignore[arg-type]
    matters = frozenset(range(len(texts))) if evidence else frozenset()
    return Source(name, office or name, "report.pdf", fingerprint(blocks), matters, blocks.__getitem__)


def pairs(*sources: Source) -> dict[str, int]:
    return {name: len(found) for name, found in copied_text(sources, NATIONAL).items() if found}


def test_a_copied_passage_is_told_to_both_with_page_and_partner() -> None:
    found = copied_text([source("s01", OTHER, TOLD), source("s02", TOLD)], NATIONAL)
    assert (found["s01"][0].page, found["s02"][0].page) == (2, 1)
    assert "s02" in found["s01"][0].message and "s01" in found["s02"][0].message_en


def test_changed_dates_digits_and_blanks_hide_nothing() -> None:
    changed = TOLD.replace("12 มีนาคม 2565", "๒๘ มีนาคม ๒๕๖๕").replace(" ", "  ")
    assert pairs(source("s01", TOLD), source("s02", changed)) == {"s01": 1, "s02": 1}


def test_a_few_changed_words_hide_nothing() -> None:
    assert pairs(source("s01", TOLD), source("s02", TOLD.replace("ทุกไตรมาส", "ทุกเดือน"))) == {
        "s01": 1,
        "s02": 1,
    }


@pytest.mark.parametrize(
    "sources",
    [
        (source("s01", TOLD, office="x"), source("s02", TOLD, office="x")),
        (source("s01", TOLD), source("s02", OTHER)),
        (source("s01", "ประชุมผู้บริหาร"), source("s02", "ประชุมผู้บริหาร")),
        (source("s01", TOLD, evidence=False), source("s02", TOLD, evidence=False)),
        tuple(source(f"s0{number}", TOLD) for number in range(5)),
        (),
    ],
    ids=["same-office", "different", "short", "no-evidence", "shared-by-many", "empty"],
)
def test_what_is_no_copy_is_left_alone(sources: tuple[Source, ...]) -> None:
    assert pairs(*sources) == {}


@pytest.mark.parametrize(
    "text",
    [
        line
        for line in BOILERPLATE.read_text("utf-8").splitlines()
        if line[:1] != "#" and len(comparable(line)) > 80
    ][:12],
)
def test_national_wording_is_no_copy(text: str) -> None:
    assert pairs(source("s01", text), source("s02", text)) == {}


def test_the_rubrics_own_wording_is_no_copy() -> None:
    wording = load_rubric("esa-2560-1.1").points[0].wording
    assert pairs(source("s01", wording), source("s02", wording)) == {}


def test_rows_of_lists_that_differ_in_a_name_are_no_copy() -> None:
    row = "| {} | {} จันทร์ส่องฟ้า | ศึกษานิเทศก์ชำนาญการพิเศษ | กลุ่มนิเทศ ติดตาม และประเมินผลการจัดการศึกษา |"
    ours, theirs = row.format(1, "นายสมพร"), row.format(9, "นางพงศกร")
    assert pairs(source("s01", ours, kind="table_row"), source("s02", theirs, kind="table_row")) == {}


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_comparable_text_stays_as_it_is_and_is_like_itself(text: str) -> None:
    plain = comparable(text)
    assert comparable(plain) == plain
    assert likeness(grams(plain), grams(plain)) == (1.0 if len(plain) >= 5 else 0.0)


def test_fingerprints_leave_out_headings_and_short_blocks() -> None:
    blocks = [Block(1, "heading", TOLD), Block(1, "paragraph", "สั้น"), Block(1, "paragraph", TOLD)]
    assert unpack(fingerprint(blocks))["position"].tolist() == [2]
