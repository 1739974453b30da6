"""Two deliveries of one office: files, passages and asks are told as they are, over a made round of twenty offices."""

import datetime as dt
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.deliveries.answered import Ask, answers_to
from pipeline.deliveries.listed_passages import Listed, compare_passages
from pipeline.deliveries.sent_files import SentFile, compare_files
from pipeline.deliveries.since_last import changes_of
from pipeline.export import drafts_json
from pipeline.export.request import Request
from pipeline.store.database import Store
from pipeline.store.letters import Asked, set_asks
from pipeline.store.tables import Delivery, DraftRow, EvidenceRow, LetterRow, Review, ReviewEvidence, User
from tests.pipeline.review.samples import RUBRIC, plain_document, store_case

SUBJECTS = ("ประชุมผู้บริหาร", "ตรวจราชการ", "อบรมครูแกนนำ", "ลงพื้นที่นิเทศ", "เปิดรับฟังความเห็น", "รายงานต่อ ก.ต.ป.น.")
ENDS = ("ปรับแผนไตรมาสสอง", "ย้ายงบประมาณคืนโครงการ", "ตั้งคณะทำงานติดตาม", "เผยแพร่ผลทางเพจ", "สรุปปัญหาให้โรงเรียน")
PLACES = ("บ้านดอนแก้ว", "เกาะพลับ", "ห้วยทราย", "ปากน้ำ", "ภูลังกา", "ทุ่งสง", "หนองหาร", "ลานพุทรา")


def sentence(dice: random.Random) -> str:
    return (
        f"เมื่อวันที่ {dice.randint(1, 28)} มกราคม 2565 สำนักงาน{dice.choice(SUBJECTS)}ที่{dice.choice(PLACES)} "
        f"ผู้เข้าร่วม {dice.randint(20, 400)} คน แล้ว{dice.choice(ENDS)} ตามมติข้อ {dice.randint(1, 90)} "
        f"โดย{dice.choice(PLACES)}เป็นเจ้าภาพ ใช้งบ {dice.randint(10, 900)},000 บาท"
    )


def corrected(text: str) -> str:
    """A number put right and a word added, as an office mends a sentence."""
    return text.replace("2565", "๒๕๖๕").replace("คน แล้ว", "คน จากทุกอำเภอ แล้ว")


@pytest.mark.parametrize("seed", range(20))
def test_a_made_office_s_second_delivery_is_told_as_it_was_made(seed: int) -> None:
    dice = random.Random(seed)
    before = [Listed(dice.randint(1, 6), "แผน.pdf", 1, sentence(dice), ("a",)) for _ in range(30)]
    fates = [dice.choice(("kept", "kept", "edited", "gone")) for _ in before]
    after: list[Listed] = []
    for one, fate in zip(before, fates, strict=True):
        text = {"kept": " ".join(one.text.split()), "edited": corrected(one.text)}.get(fate)
        if text is not None:
            after.append(Listed(one.point, "รายงาน.pdf", 2, text, one.facets))
    fresh = [Listed(dice.randint(1, 6), "รายงาน.pdf", 3, sentence(dice), ("b",), True) for _ in range(8)]
    after += fresh
    dice.shuffle(after)
    told = compare_passages(before, after, [one.text for one in before], [one.text for one in after])
    state = {(one.passage.point, one.passage.text): one.state for one in told if one.state != "gone"}
    expected = {"kept": fates.count("kept"), "edited": fates.count("edited"), "gone": fates.count("gone")}
    for fate, count in expected.items():
        assert sum(one.state == fate for one in told) == count, fate
    assert all(state[one.point, one.text] == "new" for one in fresh)
    asks = [Ask(f"{point}b", point, point, "b", "ขอ") for point in range(1, 7)]
    answered = {one.ask.point for one in answers_to(asks, told, []) if one.found}
    assert answered == {one.point for one in fresh}


def test_words_that_stood_there_unlisted_are_not_new() -> None:
    old, new = "ผลการประเมิน ITA ได้ 94.17 คะแนน อยู่ในระดับ A", "มีเพจและเว็บไซต์ ผู้ติดตาม 12,480 คน ณ สิ้นกันยายน"
    after = [Listed(1, "ร.pdf", 1, old), Listed(5, "ร.pdf", 2, new)]
    told = compare_passages([], after, stood_before=[old, "อื่น ๆ"], stands=[old, new])
    assert [one.state for one in told] == ["kept", "new"], "a better model found it, nobody wrote it"
    unlisted = compare_passages([Listed(1, "ร.pdf", 1, old)], [], [old], stands=[old])
    assert unlisted == [], "still there, only no longer listed"


NAMES = st.sampled_from(["ก.pdf", "ข.pdf", "ค.docx", "ง.pdf"])
FILES = st.lists(st.builds(SentFile, NAMES, st.sampled_from("123")), max_size=5)


@given(FILES, FILES)
def test_every_file_is_told_once(before: list[SentFile], after: list[SentFile]) -> None:
    told = compare_files(before, after)
    assert [one.name for one in told[: len(after)]] == [one.name for one in after]
    matched = sum(one.state in ("same", "moved", "changed") for one in told)
    assert matched + sum(one.state == "gone" for one in told) == len(before)
    assert compare_files(after, after) == [one for one in compare_files(after, after) if one.state == "same"]


def test_a_moved_file_is_no_new_one_and_a_copy_is() -> None:
    told = compare_files(
        [SentFile("แผน.pdf", "1")], [SentFile("แผนใหม่.pdf", "1"), SentFile("สำเนา.pdf", "1")]
    )
    assert [(one.state, one.before) for one in told] == [("moved", "แผน.pdf"), ("new", None)]


def test_the_store_tells_asks_answers_and_what_was_said_before(tmp_path: Path) -> None:
    answer = "รายงานผลการดำเนินงานรอบ 12 เดือน เสนอ ก.ต.ป.น. เมื่อวันที่ 14 ตุลาคม 2565 พร้อมแนวทางปรับปรุง 3 ข้อ"
    store = Store.at(tmp_path)
    store_case(store, tmp_path, "s01")
    with store.transaction() as session:
        draft = session.query(DraftRow).one()
        assert changes_of(session, draft) is None, "a first delivery has nothing before it"
        session.add(User(id=7, name="malee", display_name="มาลี", role="reviewer"))
        review = Review(
            submission_id=1, draft_id=draft.id, user_id=7, finished_at=dt.datetime(2026, 11, 3, tzinfo=dt.UTC)
        )
        session.add(review)
        session.flush()
        shown = session.query(EvidenceRow).filter_by(draft_id=draft.id, point=1).first()
        assert shown is not None
        kept_text = shown.text
        session.add(
            ReviewEvidence(
                review_id=review.id, point=1, evidence_id=shown.id, document_id=shown.document_id, block=shown.block,
                verdict="good", quote=shown.text,
            )
        )  # fmt: skip
        letter = LetterRow(
            submission_id=1, delivery_id=draft.delivery_id, draft_id=draft.id, number=1, state="draft", key="k",
            rubric=RUBRIC.name, model="m",
        )  # fmt: skip
        session.add(letter)
        session.flush()
        set_asks(
            session, letter, [Asked("6a", 1, 6, "a", "ขอรายงานผล"), Asked("4b", 2, 4, "b", "ขอนวัตกรรมอื่น")]
        )
    with store.transaction() as session:
        session.query(LetterRow).one().state = "frozen"
    store_case(
        store, tmp_path, "s01", documents=[plain_document("รายงาน ฉบับแก้.pdf", extra=(answer,))], number=2
    )
    with store.transaction() as session:
        row = session.query(DraftRow).filter_by(current=True).one()
        document = session.get_one(Delivery, row.delivery_id).documents[0]
        session.add(
            EvidenceRow(
                draft_id=row.id, document_id=document.id, point=6, rank=0, block=20, page=2, text=answer, role="practice",
                facets=["a"], detail=True, probability=0.9,
            )
        )  # fmt: skip
        session.flush()
        found = changes_of(session, row)
        assert found is not None and (found.before, found.after) == (1, 2)
        assert [(one.ask.id, one.found) for one in found.answers] == [("6a", True), ("4b", False)]
        assert found.answers[0].passages[0].text == answer
        assert found.state_of(6, answer) == "new" and found.state_of(1, kept_text) == "kept"
        ruling = found.ruling_on(1, kept_text)
        assert ruling is not None and (ruling.verdict, ruling.reader) == ("good", "มาลี")
        assert found.ruling_on(6, answer) is None
        assert {one.state for one in found.files} == {"new", "gone"}
    out = tmp_path / "drafts.json"
    drafts_json.write(store, out, Request(rubric=RUBRIC))
    (told,) = json.loads(out.read_text("utf-8"))["drafts"]
    assert [one["answered"] for one in told["changes"]["asks"]] == [True, False]
    store.close()
