"""Copied text: found between offices, not within one, and not where all of Thailand writes the same."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.blocks import Block
from pipeline.findings.likeness import shared_text
from pipeline.findings.likeness.fingerprints import (
    Prints,
    comparable,
    fingerprint,
    grams,
    likeness,
    unpack,
    winnowed,
)
from pipeline.findings.likeness.national_register import NationalWording, kept_by_hand, of_rubric
from pipeline.findings.likeness.shared_text import Compared, Source, compare
from rubric import load_rubric

TOLD = (
    "กลุ่มนโยบายและแผนประชุมติดตามการใช้จ่ายงบประมาณทุกไตรมาสร่วมกับผู้แทนโรงเรียนขนาดเล็กบนเกาะ "
    "และโอนเงินคงเหลือไปจัดซื้อเรือรับส่งครูเมื่อวันที่ 12 มีนาคม 2565"
)
OTHER = "ศูนย์ข้อมูลของสำนักงานจัดเก็บทะเบียนครุภัณฑ์ บุคลากร และนักเรียน แล้วปรับปรุงทุกวันที่ 10 ของเดือนผ่านระบบที่พัฒนาขึ้นเอง"
NATIONAL = (*of_rubric(load_rubric("esa-2560-1.1")), *kept_by_hand())


def source(
    name: str, *texts: str, office: str = "", evidence: bool = True, kind: str = "paragraph", year: int = 2565
) -> Source:
    blocks = [Block(place + 1, kind, text) for place, text in enumerate(texts)]  # type: ignore[arg-type]
    matters = frozenset(range(len(texts))) if evidence else frozenset()
    return Source(name, office or name, "report.pdf", fingerprint(blocks), matters, blocks.__getitem__, year)


def pairs(*sources: Source) -> dict[str, int]:
    return {name: len(found) for name, found in told(*sources).findings.items() if found}


def told(*sources: Source) -> Compared:
    return compare(sources, NATIONAL)


def test_a_copied_passage_is_told_to_both_with_page_and_partner() -> None:
    found = told(source("s01", OTHER, TOLD), source("s02", TOLD)).findings
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
    [one.text for one in kept_by_hand() if len(comparable(one.text)) > 80 and one.holds(2565)][:12],
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


def _prints(blocks: list[Block]) -> Prints:
    prints = unpack(fingerprint(blocks))
    assert prints is not None
    return prints


def test_fingerprints_leave_out_headings_and_short_blocks() -> None:
    blocks = [Block(1, "heading", TOLD), Block(1, "paragraph", "สั้น"), Block(1, "paragraph", TOLD)]
    assert _prints(blocks).positions.tolist() == [2]


def test_both_passages_stand_beside_each_other_and_nobody_is_accused() -> None:
    [finding] = told(source("s01", OTHER, TOLD), source("s02", TOLD)).findings["s01"]
    assert finding.other is not None and finding.quote == finding.other.text == TOLD
    assert (finding.other.submission, finding.other.page) == ("s02", 1)
    assert "คัดลอก" not in finding.message and "plagiar" not in finding.message_en.lower()


def test_a_template_of_all_offices_is_told_once_with_its_first_source() -> None:
    sources = [
        source(
            f"s{number:02}",
            TOLD.replace("ทุกไตรมาส", "ทุกเดือน") if number % 3 else TOLD,
            OTHER if number == 7 else "ก",
        )
        for number in range(40)
    ]
    found = told(*sources)
    assert not any(found.findings.values())
    [common] = found.common
    assert (common.offices, common.submission, common.fiscal_year, common.file) == (
        40,
        "s00",
        2565,
        "report.pdf",
    )


def test_registered_wording_brings_nobody_together_in_its_year_alone() -> None:
    learnt = (*NATIONAL, NationalWording(TOLD, "หนังสือเวียน", 2565, 2565))
    pair = [source("s01", TOLD), source("s02", TOLD)]
    assert not any(compare(pair, learnt).findings.values())
    later = [source("s01", TOLD, year=2566), source("s02", TOLD, year=2566)]
    assert all(compare(later, learnt).findings.values())


def test_an_offices_own_earlier_year_is_told_to_the_later_one_only() -> None:
    found = told(
        source("s64", TOLD, office="x", year=2564), source("s65", TOLD, office="x", year=2565)
    ).findings
    assert not found["s64"]
    [finding] = found["s65"]
    assert finding.kind == "repeated_text" and finding.other is not None and finding.other.submission == "s64"


def test_text_shared_with_many_submissions_is_one_finding() -> None:
    others = [
        source(f"s{number:02}", TOLD if number < 8 else OTHER + str(number) * 3) for number in range(60)
    ]
    found = told(*others).findings
    assert [len(found[f"s{number:02}"]) for number in range(8)] == [1] * 8
    assert "7" in found["s00"][0].message


def test_where_very_many_share_a_passage_each_is_held_against_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    held = []
    monkeypatch.setattr(shared_text, "likeness", lambda one, other: held.append(1) or likeness(one, other))
    offices = [source(f"s{number:03}", TOLD if number < 38 else f"{number} " * 40) for number in range(200)]
    found = told(*offices).findings
    assert [len(found[f"s{number:03}"]) for number in range(38)] == [1] * 38
    assert "อย่างน้อย" in found["s037"][0].message
    assert len(held) <= 38 * (shared_text.MOST_SUBMISSIONS + 1) < 38 * 37


@given(st.integers(0, 10**6), st.integers(60, 200))
def test_a_shared_stretch_of_nineteen_letters_shares_a_mark(seed: int, length: int) -> None:
    rng = random.Random(seed)
    alphabet = "กขคงจฉชซดตถทธนบปผพฟภมยรลวศสหอะาิีุูเแโใไ่้"
    stretch, one, other = ("".join(rng.choices(alphabet, k=count)) for count in (19, length, length))
    marks = [set(winnowed(text).tolist()) for text in (one + stretch + other, other + stretch + one)]
    assert marks[0] & marks[1]
