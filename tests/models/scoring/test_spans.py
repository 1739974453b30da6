"""Long passages are read by spans: nothing is lost in cutting, short ones are as before, and a fact amid other talk counts."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.passages import Passage
from models.registry.registry import load_model
from models.scoring import spans
from models.scoring.model import LoadedModel

FACT = "วันที่ 12 มกราคม 2565 เขตพื้นที่เผยแพร่จดหมายข่าวรายเดือนทางเว็บไซต์ เพจเฟซบุ๊ก และไลน์กลุ่มโรงเรียน มีผู้ติดตาม 4,310 คน"
TALK = (
    "อาคารเรียนหลังเก่าสร้างเมื่อหลายสิบปีก่อน ล้อมด้วยต้นจามจุรีและสนามหญ้า ทางเข้าเป็นถนนลูกรังที่ฝนตกแล้วเดินลำบาก "
    "ช่วงเช้ามีหมอกลงจัด ชาวบ้านแถบนี้ปลูกข้าวโพดกับยางพารา ตลาดนัดมีวันพุธกับวันเสาร์ วัดประจำหมู่บ้านอยู่ริมน้ำ "
)


@given(st.lists(st.text("กขคงจ่้", min_size=1, max_size=400), max_size=60))
def test_spans_hold_the_whole_text_and_none_is_longer_than_it_may(words: list[str]) -> None:
    text = " ".join(words)
    cut = spans.spans_of(text)
    if len(text) <= spans.LONG:
        assert cut == []
        return
    assert all(0 < len(span) <= spans.SPAN for span in cut)
    place = 0
    for span in cut:  # each begins no later than the one before it ended: nothing lies between them
        at = text.index(span, max(0, place - spans.SPAN - spans.OVERLAP))
        assert at <= place + 1
        place = max(place, at + len(span))
    assert place == len(text.rstrip())


def test_scores_come_back_one_row_a_passage_and_roles_stay_those_of_the_whole(model: LoadedModel) -> None:
    passages = [Passage(FACT), Passage(TALK * 4 + FACT), Passage(TALK)]
    read, first = spans.with_spans(passages)
    assert [read[at] for at in first[:-1]] == passages and first[-1] == len(read) > len(passages)
    scores = np.random.default_rng(1).uniform(0.1, 0.9, (len(read), len(model.columns))).astype(np.float32)
    merged = spans.merged(scores, first, model.columns)
    assert merged.shape == (3, len(model.columns))
    assert (merged[[0, 2]] == scores[first[[0, 2]]]).all(), "short passages are as they were"
    assert (merged[1] >= scores[first[1]]).all()
    assert (merged[1, model.columns.roles] == scores[first[1], model.columns.roles]).all()


@pytest.mark.parametrize("place", [0, 2, 5])
def test_a_fact_counts_amid_other_talk(model: LoadedModel, place: int) -> None:
    parts = [TALK] * 5
    parts.insert(place, FACT + " ")
    alone, amid, talk = model.predict(
        [
            Passage(FACT, document_kind="report"),
            Passage("".join(parts), document_kind="report"),
            Passage(TALK * 5),
        ]
    )
    least = model.judgement.threshold(5)
    assert alone.practice[5] >= least and amid.practice[5] >= least
    assert max(talk.practice.values()) < 0.1


def test_a_further_passage_changes_no_other_ones_score(model: LoadedModel) -> None:
    long = Passage(TALK * 3 + FACT + " " + TALK * 2)
    assert model.predict([long])[0] == model.predict([replace(long, text=FACT), long, Passage(TALK)])[1]


@pytest.fixture(scope="module")
def model() -> LoadedModel:
    return load_model(None, None)
