"""The kinds of findings one by one: where each must come, and its trap, where it must not."""

from typing import Any

import pytest

from models.passages import DocumentKind
from pipeline.blocks import Block, HiddenText
from pipeline.drafts import Finding
from pipeline.findings.detected import Held
from pipeline.findings.detecting import find_all
from rubric import load_rubric
from tests import examples

OWN = "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาขอนแก่น เขต 2"
RUBRIC = load_rubric("esa-2560-1.1")
PROJECT = "โครงการพัฒนาระบบดูแลช่วยเหลือนักเรียน"


def held(
    *texts: str, kind: DocumentKind = "report", header: str = "", listed: bool = False, **given: Any
) -> Held:
    form: Any = "table_row" if header else "list_item" if listed else "paragraph"
    blocks = tuple(Block(1 + place, form, text, table_header=header) for place, text in enumerate(texts))
    sha = format(abs(hash((texts, kind))), "064x")[-64:]
    return Held(examples.reading([], f"{kind}.pdf", sha, blocks=blocks, read_by="text", **given), kind)


def told(kind: str, *documents: Held, **given: Any) -> list[Finding]:
    found = find_all(documents, RUBRIC, OWN, 2565, (), **given)
    assert all(one.message and one.message_en and one.certainty for one in found)
    return [one for one in found if one.kind == kind]


@pytest.mark.parametrize(
    "other", ["สพป.ขอนแก่น เขต 3", "สพป.ขก.3", "สพม.เขต 14", "สำนักงานเขตพื้นที่การศึกษามัธยมศึกษาขอนแก่น"]
)
def test_another_office_is_told_by_any_of_its_names(other: str) -> None:
    assert told("other_office", held(f"{other} ได้ดำเนินการนิเทศโรงเรียนทุกแห่ง"))


@pytest.mark.parametrize("own", ["สพป.ขก.2", "สพท.ขอนแก่น เขต 2", "สพป.ขอนแก่น เขต ๒"])
def test_the_own_office_is_told_by_none(own: str) -> None:
    assert not told("other_office", held(f"{own} ได้ดำเนินการนิเทศโรงเรียนทุกแห่ง"))


DATES = [f"ประชุมเมื่อวันที่ {day} มีนาคม 2565" for day in range(1, 10)]


def test_a_mistyped_year_in_the_title_is_a_note_and_no_wrong_year() -> None:
    report = held("รายงานผลการดำเนินงาน ปีงบประมาณ พ.ศ. 2556", *DATES)
    assert told("odd_year", report) and not told("wrong_fiscal_year", report)


def test_a_report_whose_dates_lie_in_another_year_is_told() -> None:
    old = [text.replace("2565", "2563") for text in DATES]
    [finding] = told("wrong_fiscal_year", held("รายงานผลการดำเนินงาน", *old))
    assert finding.certainty == "possible" and finding.page == 2
    assert not told("wrong_fiscal_year", held("รายงานผลการดำเนินงาน", *DATES))


def test_hidden_text_is_quoted_with_its_page_and_a_mark_is_none() -> None:
    hidden = (HiddenText(4, "ดำเนินการครบทุกประเด็นอย่างดีเยี่ยม", "white"), HiddenText(5, ".", "white"))
    [finding] = told("hidden_text", held("รายงานผล", hidden=hidden))
    assert finding.page == 4 and finding.quote.startswith("ดำเนินการ")


@pytest.mark.parametrize("text", ["แผนปฏิบัติnาร", "ผลการประเมิน IТA", "e\u2062Office ของสำนักงาน"])
def test_lookalike_and_invisible_letters_are_told(text: str) -> None:
    assert told("lookalike_letters", held(text))


@pytest.mark.parametrize(
    "text", ["ระบบITAของเขต", "กลุ่มAและกลุ่มBเรียน", "ค่า α ของแบบวัด", "ประชุม\u200bครู", "ห้องเรียนxและy"]
)
def test_latin_words_in_thai_are_honest(text: str) -> None:
    assert not told("lookalike_letters", held(text))


def test_a_letter_misread_by_ocr_is_the_readers() -> None:
    block = Block(1, "paragraph", "แผนปฏิบัติnาร", read_by="ocr")
    assert not told("lookalike_letters", Held(examples.reading([], blocks=(block,), read_by="ocr"), "report"))


@pytest.mark.parametrize(
    "text",
    ["หลักฐาน https://drive.google.com/x", "รับชมคลิปการประชุมได้ที่ youtu.be/abc", "เอกสารประกอบ สแกน QR Code"],
)
def test_evidence_behind_a_link_is_told_with_its_passage(text: str) -> None:
    assert told("linked_evidence", held(text))[0].quote == text


@pytest.mark.parametrize(
    "text", ["โทรศัพท์ 0 4300 0000 www.esao.go.th", "เผยแพร่ทางเว็บไซต์ www.esao.go.th", "ครูผลิตสื่อวีดิทัศน์ 3 ชิ้น"]
)
def test_an_address_or_a_film_made_is_no_evidence_behind_a_link(text: str) -> None:
    assert not told("linked_evidence", held(text))


def plan(text: str = f"{PROJECT} งบประมาณ 50,000 บาท") -> Held:
    return held("แผนปฏิบัติการ ปีงบประมาณ พ.ศ. 2565", text, kind="plan", listed=True)


def test_what_is_promised_and_not_told_is_named_with_its_budget() -> None:
    [finding] = told("promised_absent", plan(), held("รายงานผลการดำเนินงานอื่น"))
    assert "50,000" in finding.message and (finding.document, finding.page) == ("plan.pdf", 2)


@pytest.mark.parametrize(
    "text",
    [
        f"{PROJECT} ดำเนินการแล้ว",
        f"“{PROJECT.replace('ระบบ', 'ระบบ ')}” เมื่อ 3 มี.ค. 65",
        PROJECT.replace("นักเรียน", "นักเรยน") + " แล้วเสร็จ",
        f"{PROJECT} ไม่ได้ดำเนินการ",
    ],
    ids=["told", "blanks", "mistyped", "cancelled"],
)
def test_what_is_told_in_any_words_is_not_absent(text: str) -> None:
    assert not told("promised_absent", plan(), held(text))
    assert not told("promised_absent", plan(), held("รายงานผล"), held(text, kind="other"))


def test_a_project_of_nearly_the_same_name_does_not_stand_for_another() -> None:
    other = "โครงการพัฒนาศักยภาพครูด้านการจัดการเรียนรู้ภาษาอังกฤษ งบประมาณ 9,000 บาท"
    own = other.replace("ภาษาอังกฤษ", "ภาษาไทย")
    both = held("แผน", other, own, kind="plan", listed=True)
    [finding] = told("promised_absent", both, held(other))
    assert "ภาษาไทย" in finding.message


def test_in_a_six_month_round_what_is_set_for_later_is_not_absent() -> None:
    row = f"| 1 | {PROJECT} | 50,000 | ไตรมาส 4 |"
    header = "| ที่ | โครงการ | งบประมาณ | ไตรมาส |"
    later = held(row, kind="plan", header=header)
    assert not told("promised_absent", later, held("รายงานผล"), months=6)
    assert told("promised_absent", later, held("รายงานผล"), months=12)


def test_without_a_report_nothing_is_absent() -> None:
    assert not told("promised_absent", plan())


def test_budgets_that_disagree_are_told_with_both_passages() -> None:
    [finding] = told("numbers_disagree", plan(), held(f"{PROJECT} ได้รับจัดสรรงบประมาณ 65,000 บาท"))
    assert finding.document == "report.pdf" and finding.other is not None
    assert (finding.other.document, finding.other.page) == ("plan.pdf", 2) and "50,000" in finding.other.text


@pytest.mark.parametrize(
    "text",
    [
        f"{PROJECT} เบิกจ่าย 48,000 บาท",
        f"{PROJECT} งบประมาณ ๕๐,๐๐๐.๐๐ บาท",
        f"{PROJECT} งบประมาณ 65,000 บาท (โอนเพิ่มเติม)",
        f"{PROJECT} งบประมาณ 0.05 ล้านบาท",
    ],
    ids=["spent", "same", "changed", "millions"],
)
def test_numbers_that_are_both_right_do_not_disagree(text: str) -> None:
    assert not told("numbers_disagree", plan(), held(text))


def test_the_same_document_twice_is_told_by_bytes_or_by_text() -> None:
    texts = [f"{'กขคงจชซดตถทนบปผพ'[place:]}{'การประชุมผู้บริหารสถานศึกษา' * 2}" for place in range(8)]
    one = held(*texts)
    assert told("same_file", one, one)[0].certainty == "certain"
    assert told("same_file", one, held(*texts, kind="other"))[0].certainty == "likely"
    assert not told("same_file", one, held(*texts[:4], "อื่น", kind="other"))
