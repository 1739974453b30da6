"""The small things that make a page Thai: words, dates, breaks, search, keys; and no text missing in either language."""

import datetime as dt
import re
from pathlib import Path

import pytest
from pythainlp.corpus import provinces
from pythainlp.util import collate
from sqlalchemy import select

from pipeline.review.cases.marking import marked
from pipeline.review.cases.shares import Shares
from pipeline.review.catalogue import catalogue
from pipeline.review.queue.search import thai_order, where_office
from pipeline.review.queue.selection import REASONS, STATES
from pipeline.review.web import dates, keys
from pipeline.review.web.thai_breaks import breakable
from pipeline.review.web.thai_breaks import name as office_name
from pipeline.store.database import Store
from pipeline.store.tables import Submission

HERE = Path(__file__).parents[3] / "pipeline" / "review"
OFFICES = {
    "สพป.ศรีธารา 2": "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต 2",
    "สพป.ศรีธารา 12": "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต 12",
    "สพม.ศรีธารา": "สำนักงานเขตพื้นที่การศึกษามัธยมศึกษาศรีธารา",
    "สพป.นครวารี 2": "สำนักงานเขตพื้นที่การศึกษาประถมศึกษานครวารี เขต 2",
}


def test_every_key_of_the_templates_is_in_the_catalogue() -> None:
    texts = catalogue().texts
    for template in sorted((HERE / "templates").glob("*.html")):
        text = template.read_text("utf-8")
        for key in re.findall(r"""\bt\(\s*["']([\w.]+)["']\s*[,)]""", text):
            assert key in texts, f"{template.name}: {key}"
    wanted = (
        [f"reason.{code}" for code in REASONS]
        + [f"state.{state}" for state in STATES]
        + [f"keys.{key.act}" for key in keys.DEFAULTS]
    )
    assert [key for key in wanted if key not in texts] == []


def test_both_languages_speak_and_take_the_same_values() -> None:
    for key, text in catalogue().texts.items():
        assert text.th.strip() and text.en.strip(), key
        assert set(re.findall(r"{(\w+)}", text.th)) == set(re.findall(r"{(\w+)}", text.en)), key
        assert not re.search("[\u0e01-\u0e5b]{6}", text.en) or "สพป" in text.en, (
            f"{key}: Thai in the English text"
        )


def test_finishing_a_case_has_one_word_everywhere() -> None:
    others = re.compile("(?<!เ)ปิดกรณี|ปิดการชี้ขาด|ตรวจเสร็จ|กรณีนี้ปิด|ปิดไว้ตามเดิม|ผลที่ตัดสินแล้ว|คะแนนที่ตัดสินแล้ว")
    manuals = {place.name: place.read_text("utf-8") for place in (HERE / "manuals").glob("*.md")}
    said = {key: text.th for key, text in catalogue().texts.items()} | manuals
    assert {name: found[0] for name, text in said.items() if (found := others.search(text))} == {}
    assert said["outcome.finish"] == said["act.finish"] == "ส่งผล"
    assert f"**{said['outcome.finish']}**" in manuals["manual-reviewer.md"]
    assert f"**{said['adjudicate.finish']}**" in manuals["manual-officer.md"]


@pytest.mark.parametrize(
    "search",
    [
        "สพป.ศรีธารา 2",
        "สพป ศรีธารา เขต ๒",
        "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต 2",
        "ประถม ศรีธารา 2",
        "ประถมศึกษาศรีธารา เขต 2",
        "ศรีธารา เขต 2",
    ],
)
def test_an_office_is_found_however_it_is_written(store: Store, search: str) -> None:
    with store.transaction() as session:
        session.add_all(
            Submission(name=f"s{at}", office=full, office_key=key)
            for at, (key, full) in enumerate(OFFICES.items())
        )
    with store.reading() as session:
        found = set(session.scalars(select(Submission.office_key).where(where_office(search))))
    assert "สพป.ศรีธารา 2" in found
    assert not found & {"สพป.นครวารี 2", "สพม.ศรีธารา"}


@pytest.mark.parametrize("search", ["%", "_", "'; DROP TABLE submissions; --", "\\", "ก" * 500, "สพป.", ""])
def test_strange_searches_do_no_harm(store: Store, search: str) -> None:
    with store.reading() as session:
        session.scalars(select(Submission.id).where(where_office(search))).all()


def test_names_sort_as_in_a_thai_dictionary() -> None:
    names = ["ไทรน้อย", "กำแพงเพชร", "เชียงราย", "ชลบุรี", "แพร่", "พะเยา", "เลย", "ลพบุรี"]
    assert sorted(names, key=thai_order) == [
        "กำแพงเพชร",
        "ชลบุรี",
        "เชียงราย",
        "ไทรน้อย",
        "พะเยา",
        "แพร่",
        "ลพบุรี",
        "เลย",
    ]


def test_provinces_sort_as_the_thai_library_sorts_them_and_numbers_behind_a_tone_stay_in_order() -> None:
    names = sorted(provinces())
    assert sorted(names, key=thai_order) == collate(names)
    areas = sorted(f"สพป.{name} เขต {number}" for name in names for number in range(1, 8))
    assert sorted(areas, key=thai_order) == collate(areas)
    numbered = ["น่าน 2", "น่าน 21", "ระยอง 2", "ระยอง 21"]
    assert sorted(numbered, key=thai_order) == numbered
    assert collate(numbered) != numbered, "the library sorts numbers behind a tone now: use it"


def test_every_month_has_its_thai_short_name() -> None:
    days = [dates.day(dt.datetime(2026, month, 9, 12, tzinfo=dt.UTC), "th") for month in range(1, 13)]
    short = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
    assert days == [f"9 {month} 2569" for month in short]


def test_dates_are_buddhist_in_thai_and_in_the_time_of_thailand() -> None:
    moment = dt.datetime(2026, 12, 31, 18, 5, tzinfo=dt.UTC)
    assert dates.day_and_clock(moment, "th") == "1 ม.ค. 2570 01:05 น."
    assert dates.day(moment, "en") == "1 Jan 2027"
    assert dates.fiscal_year(2565, "th") == "2565"
    assert dates.span(3900, "th") == "1 ชม. 5 นาที"


@pytest.mark.parametrize(
    "text", ["น้ำ ที่ ปู่ ญาติ ฐาน", "ทุก ๆ คน", "กรุงเทพฯ ก.ศ.น. ๒๕๖๘", "<b>ข้อมูล</b> & สารสนเทศ", "Office ประถม"]
)
def test_break_opportunities_change_no_letter(text: str) -> None:
    shown = str(breakable(text))
    plain = (
        re.sub('<wbr>|<span class="kept">|</span>', "", shown)
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
        .replace("\u00a0", " ")
    )
    assert plain == text
    assert not re.search('<wbr>(<span class="kept">)?[\u0e31\u0e33-\u0e3a\u0e47-\u0e4e\u0e46]', shown)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("ภาวะผู้นำและธรรมาภิบาล", ["ธรรมาภิบาล"]),
        ("นวัตกรรม เทคโนโลยี รูปแบบ", ["รูปแบบ", "เทคโนโลยี"]),
        ("ไม่มีการดำเนินการ", ["การดำเนินการ"]),
        ("เอกสารถึงผู้ปกครอง", ["ผู้ปกครอง"]),
        ("หน้า 12", ["หน้า\u00a012"]),
    ],
)
def test_no_line_breaks_within_a_word_or_before_its_number(text: str, whole: list[str]) -> None:
    parts = re.split(r"<wbr>| ", re.sub('<span class="kept">|</span>', "", str(breakable(text))))
    shown = str(breakable(text))
    for word in whole:
        assert any(word in part for part in parts), (word, parts)
        assert "\u00a0" in word or f'<span class="kept">{word}' in shown, (word, shown)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("สพป.ผาจันทร์ 1", ["สพป.ผาจันทร์ 1"]),
        ("สพม.แม่คำสาย", ["สพม.แม่คำสาย"]),
        (
            "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาผาจันทร์ เขต 1",
            ["สำนักงานเขต", "พื้นที่การศึกษา", "ประถมศึกษา", "ผาจันทร์ เขต 1"],
        ),
        ("กรณี <0012>", ["กรณี &lt;0012&gt;"]),
    ],
)
def test_the_name_of_an_office_breaks_between_its_parts_only(text: str, parts: list[str]) -> None:
    assert str(office_name(text)) == "<wbr>".join(f'<span class="kept">{part}</span>' for part in parts)


def test_marks_never_let_markup_through() -> None:
    assert (
        str(marked("<b>ITA</b>", [(3, 6, "term"), (0, 99, "x"), (5, 4, "x"), (4, 6, "again")]))
        == '&lt;b&gt;<mark class="term">ITA</mark>&lt;/b&gt;'
    )


def test_no_two_acts_share_a_key_and_strange_keys_are_refused() -> None:
    codes = [key.code for key in keys.DEFAULTS]
    assert len(set(codes)) == len(codes)
    assert all(keys.is_key(code) for code in codes)
    assert not any(keys.is_key(code) for code in ("", "x", "KeyÄ", "<script>", None, 3, "Ctrl+"))
    assert keys.keys_of({"keys": {"confirm": "KeyB", "undo": "nonsense"}})["confirm"] == "KeyB"
    assert keys.keys_of({"keys": {"undo": "nonsense"}})["undo"] == "KeyU"


def test_lots_fall_as_often_as_asked_and_the_same_each_time() -> None:
    shares = Shares(blind=0.2, double=0.1)
    names = [f"s{at}" for at in range(4000)]
    blind = [shares.draws_blind(name) for name in names]
    assert 0.17 < sum(blind) / 4000 < 0.23
    assert blind == [Shares(blind=0.2, double=0.5).draws_blind(name) for name in names]
    both = sum(one and shares.draws_double(name) for one, name in zip(blind, names, strict=True))
    assert 0.01 < both / 4000 < 0.03, "the two lots hang together"
