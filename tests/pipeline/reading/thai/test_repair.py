"""Each kind of damage is repaired; repairing twice changes nothing; clean text comes back as it was."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reading.thai import Mapped, arabic, repair, repair_mapped, repair_ocr
from pipeline.reading.thai.glyphs import looks_like_tis620

CLEAN = (
    "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต 2 สังกัด สพฐ. กระทรวงศึกษาธิการ",
    "น้ำผึ้ง น้ำตาล กล้ำกลืน ก้ำกึ่ง ซ้ำซ้อน ล้ำหน้า ร่ำไร คร่ำครวญ ฟื้นฟู ญาติผู้ใหญ่ กตัญญู ปรัชญ์",
    "ค่าเฉลี่ย ๒๗.๘ องศาเซลเซียส (ร้อยละ ๙๖.๕) เมื่อวันที่ ๑๔ ก.พ. ๒๕๖๕",
    "ตัวเลือก ก ข ค ง และ Line OA, AMSS++, ITA Online",
    "ต่าง ๆ ฯลฯ เป็นต้น เเผนงานที่พิมพ์ เ สองตัว",
    "café résumé naïve São Paulo Ångström",
    "เพราะ เกาะ เจาะ เหมาะ เอาใจ เข้าใจ ใช้ ไม่ โต๊ะ เก๊ะ แป๊ะ เคราะห์ พราหมณ์ สิทธิ์ กิตติศัพท์",
)


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_is_left_as_it_was(text: str) -> None:
    assert repair(text) == text
    assert repair_mapped(Mapped.of(text)).origin == range(len(text))


@pytest.mark.parametrize(
    ("damaged", "right"),
    [
        pytest.param("ด าเนินงานจ านวน", "ดำเนินงานจำนวน", id="ring of sara am read as a blank"),
        pytest.param("การท างาน น้ าดื่ม", "การทำงาน น้ำดื่ม", id="ring read as a blank after a tone"),
        pytest.param("สํานักงาน", "สำนักงาน", id="sara am in two parts"),
        pytest.param("น้ํา นํ้า", "น้ำ น้ำ", id="parts with the tone before and between"),
        pytest.param("ส ำนักงาน", "สำนักงาน", id="blank before sara am"),
        pytest.param("ทำำงาน ทำางาน", "ทำงาน ทำงาน", id="doubled sara am"),
        pytest.param("น่ี ดู่", "นี่ ดู่", id="tone before vowel"),
        pytest.param("ที่่ ปี ี", "ที่ ปี", id="marks doubled"),
        pytest.param("ที ่ประชุม", "ที่ประชุม", id="blank before a mark"),
        pytest.param("ป\uf702งบ ส\uf70aว\uf712", "ปีงบ ส่ว็", id="private-use glyphs"),
        pytest.param(
            "ค\u00e9าง ท\u0e35\u00c9", "ค\u00e9าง ที่", id="Latin tone glyphs only where they stand for tones"
        ),
        pytest.param("ÊÓ¹Ñ¡§Ò¹à¢µ¾×é¹·Õè¡ÒÃÈÖ¡ÉÒ", "สำนักงานเขตพื้นที่การศึกษา", id="TIS-620 read as Latin-1"),
        pytest.param("ส า ร บ ั ญ", "สารบัญ", id="letter-spaced heading"),
        pytest.param("ส า ร บ ั ญ  ต า ร า ง", "สารบัญ ตาราง", id="letter-spaced heading of two words"),
        pytest.param("การ\u200bศึกษา\ufeff", "การศึกษา", id="zero-width characters"),
        pytest.param("เขต\u00a02", "เขต 2", id="odd blanks"),
    ],
)
def test_damage_is_repaired(damaged: str, right: str) -> None:
    assert re.sub(" +", " ", repair(damaged)) == right


def test_exchanged_aa_and_am_are_exchanged_back() -> None:
    damaged = "เจ้ำของบ้ำน กำรศึกษำ อ ำนำจ มำตรฐำน ประกำศ จ ำนวน กำรจัดหำ รำยงำน ทำงรำชกำร"
    assert repair(damaged) == "เจ้าของบ้าน การศึกษา อำนาจ มาตรฐาน ประกาศ จำนวน การจัดหา รายงาน ทางราชการ"


def test_every_aa_read_as_am_is_told_by_the_word() -> None:
    damaged = "สำนักงำน ดำเนินกำร กำรศึกษำ จำนวน รำยงำน มำตรำ ประจำปี งำนทำงกำร คำสั่ง"
    assert repair(damaged) == "สำนักงาน ดำเนินการ การศึกษา จำนวน รายงาน มาตรา ประจำปี งานทางการ คำสั่ง"


def test_each_repaired_letter_knows_where_it_came_from() -> None:
    damaged = "ทีม ด าเนินงาน น้ํา ป\uf702"
    repaired = repair_mapped(Mapped.of(damaged))
    assert repaired.text == "ทีม ดำเนินงาน น้ำ ปี"
    for letter, origin in zip(repaired.text, repaired.origin, strict=True):
        assert letter == damaged[origin] or letter in "ำี"


THAI_DAMAGE = st.text(
    alphabet=st.sampled_from(
        [
            *"กขคงจดตทนบปมรลวสหอ",
            *"ะาำเแโใไ",
            *"ัิีุู็่้์ํ",
            *" 12๓.a\n",
            "\uf702",
            "\uf70a",
            "\u200b",
            "É",
            "\xad",
            "\xa0",
        ]
    ),
    max_size=80,
)


@given(THAI_DAMAGE)
def test_repairing_twice_changes_nothing(text: str) -> None:
    once = repair(text)
    assert repair(once) == once


@given(THAI_DAMAGE)
def test_origins_lie_in_the_text_and_line_ends_stay(text: str) -> None:
    repaired = repair_mapped(Mapped.of(text))
    assert len(repaired.origin) == len(repaired.text)
    assert all(0 <= place < len(text) for place in repaired.origin)
    assert repaired.text.count("\n") == text.count("\n")


@given(st.text(max_size=60))
def test_any_text_survives(text: str) -> None:
    once = repair(text)
    assert repair(once) == once


def test_european_text_is_not_taken_for_tis620() -> None:
    assert not looks_like_tis620("Le résumé du café, naïveté et garçon à São Paulo, Ærøskøbing")


def test_ocr_blanks_inside_syllables_are_closed_but_never_made_into_am() -> None:
    assert repair_ocr("โครงก ารดํ าเนินงาน") == "โครงการดำเนินงาน"


def test_thai_digits_become_arabic_only_for_matching() -> None:
    assert arabic("พ.ศ. ๒๕๖๕") == "พ.ศ. 2565"
    assert repair("พ.ศ. ๒๕๖๕") == "พ.ศ. ๒๕๖๕"
