"""One font of a page may say the wrong codes: it is mended by itself, the others are left alone, and mending ends."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading.thai import FontFaults, Mapped, repair_after_fonts, repair_page
from pipeline.reading.thai.fonts import mend_fonts
from pipeline.reading.thai.signs import FLOATING, has_signs

PLAIN = "สำนักงานเขตพื้นที่การศึกษาดำเนินการจัดทำแผนปฏิบัติการ"
HEADING = "รายงานผลการดำเนินงานประจำปีการศึกษา"
NAMES = {0: "Plain", 1: "Bold"}


def page(*lines: tuple[str, int]) -> tuple[Mapped, list[int]]:
    """A page's text, and the number of the font behind each of its characters."""
    text = "\n".join(line for line, _ in lines)
    fonts = [number for line, number in lines for _ in f"{line}\n"][: len(text)]
    return Mapped.of(text), fonts


def mended(*lines: tuple[str, int], known: FontFaults | None = None) -> list[str]:
    text, fonts = page(*lines)
    return repair_page(text, fonts, NAMES, {} if known is None else known).text.split("\n")


@pytest.mark.parametrize(
    ("damaged", "right"),
    [
        pytest.param("รำยงำนผลกำรด ำเนินงำนประจ ำปีกำรศึกษำ", HEADING, id="aa as am, am set apart"),
        pytest.param("รำยงำนผลกำรดำเนินงำนประจำปีกำรศึกษำ", HEADING, id="every aa as am"),
        pytest.param("รำยงำนผลกำรดาเนินงำนประจาปีกำรศึกษำ", HEADING, id="aa and am exchanged"),
        pytest.param("รายงานผลการดาเนินงานประจาปีการศึกษา", HEADING, id="rings lost"),
        pytest.param("พบวํากลุํมได๎รํวมกันสํงเสริมหน๎าที่", "พบว่ากลุ่มได้ร่วมกันส่งเสริมหน้าที่", id="tones as rings"),
        pytest.param("ส\ufffdำนักงานได้ด\ufffdำเนินการ", "สำนักงานได้ดำเนินการ", id="ring without code, foot am"),
        pytest.param("ส\ufffdานักงานได้ด\ufffdาเนินการ", "สำนักงานได้ดำเนินการ", id="ring without code, foot aa"),
        pytest.param("สำ นักงานได้ดำ เนินการ กำ หนด", "สำนักงานได้ดำเนินการ กำหนด", id="gap after am"),
        pytest.param("เรื\u0477องที\u0477ตั้งและเพิ\u0477มข้อมูล", "เรื่องที่ตั้งและเพิ่มข้อมูล", id="Cyrillic for a tone"),
        pytest.param(
            "การจัดการศึก\u0436าของสถานศึก\u0436า", "การจัดการศึกษาของสถานศึกษา", id="Cyrillic for a letter"
        ),
        pytest.param("ส่ง่เสริมและพัฒ\ufffdนาห้อ้งเรียน", "ส่งเสริมและพัฒนาห้องเรียน", id="several faults at once"),
    ],
)
def test_the_damaged_font_is_mended_and_the_other_left(damaged: str, right: str) -> None:
    assert mended((PLAIN, 0), (damaged, 1), (PLAIN, 0)) == [PLAIN, right, PLAIN]


def test_a_fault_once_known_is_undone_on_a_page_with_too_little_text_to_find_it() -> None:
    known: FontFaults = {}
    mended(("รำยงำนผลกำรด ำเนินงำนประจ ำปีกำรศึกษำ", 1), known=known)
    assert known["Bold"].trials
    assert mended((PLAIN, 0), ("กลุ่มบริหำรงำน", 1), known=known) == [PLAIN, "กลุ่มบริหารงาน"]


def test_floating_glyphs_that_no_trial_reads_get_their_codes_back() -> None:
    floating = "".join(f"{sign}{chr(ord(sign) + FLOATING)}" for sign in "!#$%&*+?@~")
    text, fonts = page((PLAIN, 0), (floating, 1))
    assert mend_fonts(text, fonts, NAMES, {}, repair_after_fonts).text.endswith("!!##$$%%&&**++??@@~~")


@pytest.mark.parametrize(
    "text",
    [
        "เน้นย้ำความร่ำรวยที่แม่นยำ รำลึกถึงถ้ำ พำนักในบ้าน ธำรงไว้ ขำ ขัน ครอบงำ",
        "ไม่ต่ำกว่าร้อยละ ๙๐ ที่ไม่ผ่าน พี่อ่านให้ฟัง อยู่ร่วมกัน ต้องมี",
        "ค่า α และ β ของแบบสอบถาม café ร้าน Σ รวม 50 µg ราคา $7",
        "นโม ตสฺส ภควโต อรหโต สมฺมาสมฺพุทฺธสฺส พุทฺธํ สรณํ คจฺฉามิ",
        "จะทำ นาทำ และคำ ตอบ",
    ],
)
def test_right_text_that_shows_signs_is_left_as_it_was(text: str) -> None:
    assert mended((text, 0)) == [text]


def test_a_page_without_signs_comes_back_as_the_same_object() -> None:
    text, fonts = page((PLAIN, 0), (HEADING, 1))
    assert not has_signs(text.text)
    assert mend_fonts(text, fonts, NAMES, {}, repair_after_fonts) is text


PIECES = st.lists(
    st.sampled_from(
        [
            "สำนัก",
            "งำน",
            "ด ำเนิน",
            "กำร",
            "พบวํา",
            "ได๎",
            "ส\ufffdำ",
            "ทำ ",
            " ",
            "\n",
            "ที\u0477",
            "ก",
            "ไม่",
            "ำ",
            "า",
            "\ufffe",
            "1",
        ]
    ),
    max_size=14,
)


@settings(deadline=None)
@given(PIECES)
def test_mending_twice_changes_nothing(pieces: Sequence[str]) -> None:
    text = "".join(pieces)
    fonts = [at % 7 // 4 for at in range(len(text))]
    once = mend_fonts(Mapped.of(text), fonts, NAMES, {}, repair_after_fonts)
    again_fonts = [fonts[place] for place in once.origin]
    again = mend_fonts(Mapped.of(once.text), again_fonts, NAMES, {}, repair_after_fonts)
    assert again.text == once.text
    assert all(0 <= place < len(text) for place in once.origin)
    assert once.text.count("\n") == text.count("\n")
