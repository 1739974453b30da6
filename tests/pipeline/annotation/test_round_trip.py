"""Out into another tool and back: nothing lost, nothing doubled, nothing shifted, whatever the tool and the letters."""

import importlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.commands.results.export import ENDINGS
from flows.commands.results.take_in import READERS
from pipeline.annotation.annotated import Annotated, Mark, Place, Said
from pipeline.annotation.label_studio import tasks_of
from pipeline.annotation.loading import load
from pipeline.annotation.returned import Returned
from pipeline.annotation.taking_in import take_in
from pipeline.annotation.utf16 import Utf16
from pipeline.export.request import Request
from pipeline.review.people.users import Person, local_user
from pipeline.store.database import Store
from pipeline.store.tables import Decision, DraftRow, Review, Submission
from rubric.exceptions import CorpusError
from tests.pipeline.review.samples import RUBRIC, plain_document, store_case

EMOJI = "👍🏽 ยอดผู้ติดตามเพจ 12,480 คน 👨‍👩‍👧 เพิ่มขึ้น\u2028ทุกเดือน 🎉 จบ"


def filled(home: Path, name: str = "s01") -> Store:
    store = Store.at(home)
    store_case(
        store, home, name, documents=[plain_document(extra=(EMOJI,)), plain_document("plan.pdf", "plan")]
    )
    return store


def annotated(store: Store, name: str = "s01") -> Annotated:
    with store.snapshot() as session:
        submission = session.query(Submission).filter_by(name=name).one()
        return load(session, submission, session.query(DraftRow).filter_by(current=True).one())


def person(store: Store) -> Person:
    with store.transaction() as session:
        return Person.of(local_user(session))


def decisions(one: Annotated) -> Said:
    """A reader who confirms, refuses, changes, adds whole passages and words within them, and leaves some alone."""
    first, second, third, *_ = [mark for mark in one.marks if mark.place.document == 0]
    with_emoji = next(block for block in one.documents[0].blocks if block.text == EMOJI)
    start = EMOJI.index("ยอด")
    return Said(
        levels={1: "clear", 2: "done", 6: "not_done"},
        notes={2: "ขาดเดือน 👍🏽"},
        note="ทั้งชุด 🎉",
        marks=(
            replace(first, verdict="good", probability=None),
            replace(second, verdict="bad", probability=None),
            replace(third, verdict="changed", role="intent", facets=(), detail=False, probability=None),
            Mark(
                5, Place(0, with_emoji.position, 0, len(EMOJI)), facets=("c",), detail=True, verdict="added"
            ),
            Mark(6, Place(0, with_emoji.position, start, start + 20), facets=("a", "b"), verdict="added"),
        ),
    )


def decided(store: Store) -> Annotated:
    one = annotated(store)
    files = {at: document.sha256 for at, document in enumerate(one.documents)}
    (outcome,) = take_in(store, RUBRIC, person(store), [Returned("s01", one.draft, files, decisions(one))])
    assert outcome.refusal is None and outcome.decisions == 10
    return annotated(store)


def write(store: Store, form: str, folder: Path) -> Path:
    module = READERS[form].replace("_answers", "")
    out = folder / f"out.{ENDINGS[form]}"
    assert importlib.import_module(module).write(store, out, Request(rubric=RUBRIC)) == 1
    return out


def said(of: Annotated) -> tuple[Any, ...]:
    (one,) = of.readings
    marks = sorted(one.marks, key=lambda mark: (mark.key, mark.place.start, mark.verdict))
    return one.levels, one.notes, one.note, marks


@pytest.mark.parametrize("form", READERS)
def test_decisions_come_back_as_they_went_out(form: str, tmp_path: Path) -> None:
    store, other = filled(tmp_path / "one"), filled(tmp_path / "other")
    before = decided(store)
    returned = importlib.import_module(READERS[form]).read(write(store, form, tmp_path))
    (outcome,) = take_in(other, RUBRIC, person(other), returned)
    assert outcome.refusal is None
    assert said(annotated(other)) == said(before)
    (again,) = take_in(other, RUBRIC, person(other), returned)
    assert again.decisions == 0, "the same file twice changes nothing"
    store.close()
    other.close()


@pytest.mark.parametrize("form", READERS)
def test_what_was_written_anew_is_the_same_file(form: str, tmp_path: Path) -> None:
    store, other = filled(tmp_path / "one"), filled(tmp_path / "other")
    decided(store)
    (tmp_path / "b").mkdir()
    first = write(store, form, tmp_path)
    take_in(other, RUBRIC, person(other), importlib.import_module(READERS[form]).read(first))
    assert write(other, form, tmp_path / "b").read_bytes() == first.read_bytes()
    store.close()
    other.close()


@pytest.mark.parametrize("form", READERS)
def test_a_draft_that_nobody_touched_brings_no_decision(form: str, tmp_path: Path) -> None:
    store = filled(tmp_path / "one")
    returned = importlib.import_module(READERS[form]).read(write(store, form, tmp_path))
    assert not any(one.said.marks or one.said.levels for one in returned)
    store.close()


@pytest.mark.parametrize("form", READERS)
def test_files_of_others_are_refused_with_their_place(form: str, tmp_path: Path) -> None:
    reader = importlib.import_module(READERS[form])
    bad = tmp_path / "bad.json"
    strange = (
        "", "{", "[1]", '[{"data": {}}]', '[{"data": {"text": "x"}, "annotations": [{"result": []}]}]',
        "\x80PK", "[" * 5000, '[{"meta": {"khetcheck": "{}"}, "answer": "accept"}]',
    )  # fmt: skip
    for text in strange:
        bad.write_text(text, "utf-8")
        if text == "":
            assert reader.read(bad) == []
            continue
        with pytest.raises(CorpusError) as caught:
            reader.read(bad)
        assert "bad.json" in caught.value.message.en
    bad.write_bytes(b"\x80\x04pickle")
    with pytest.raises(CorpusError):
        reader.read(bad)
    with pytest.raises(CorpusError):
        reader.read(tmp_path / "nowhere.json")


def test_a_submission_that_changed_is_left_out_with_its_reason(tmp_path: Path) -> None:
    store = filled(tmp_path / "one")
    out = write(store, "label-studio", tmp_path)
    one = annotated(store)
    for wrong in (
        Returned("s01", one.draft + 1, {}, decisions(one)),
        Returned("s01", one.draft, {0: "0" * 64}, decisions(one)),
        Returned("nobody", one.draft, {}, decisions(one)),
        Returned("s01", one.draft, {}, Said(levels={9: "clear"})),
        Returned(
            "s01", one.draft, {}, Said(marks=(Mark(1, Place(0, 2, 0, 5), facets=("z",), verdict="added"),))
        ),
    ):
        (outcome,) = take_in(store, RUBRIC, person(store), [wrong])
        assert outcome.refusal is not None and outcome.refusal.th and outcome.decisions == 0
    with store.reading() as session:
        assert session.query(Decision).count() == 0 and session.query(Review).count() == 0
    assert out.exists()
    store.close()


def test_finishing_closes_a_case_only_where_all_is_decided(tmp_path: Path) -> None:
    store = filled(tmp_path / "one")
    one = annotated(store)
    some = Returned("s01", one.draft, {}, Said(levels={1: "clear"}))
    take_in(store, RUBRIC, person(store), [some], finish=True)
    with store.reading() as session:
        assert session.query(Review).one().finished_at is None
    rest = Returned("s01", one.draft, {}, Said(levels=dict.fromkeys(RUBRIC.numbers, "clear")))
    take_in(store, RUBRIC, person(store), [rest], finish=True)
    with store.reading() as session:
        review = session.query(Review).one()
        assert (review.score, review.state) == (5, "changed") and review.finished_at is not None
    store.close()


class TestLabelStudio:
    """What a person does there to the regions."""

    @staticmethod
    def task(store: Store) -> dict[str, Any]:
        return tasks_of(annotated(store))[0]

    @staticmethod
    def answer(folder: Path, task: dict[str, Any], results: list[dict[str, Any]], **more: Any) -> Said:
        path = folder / "export.json"
        path.write_text(json.dumps([task | {"annotations": [{"result": results} | more]}]), "utf-8")
        (one,) = importlib.import_module(READERS["label-studio"]).read(path)
        said: Said = one.said
        return said

    def test_a_region_taken_away_is_no_evidence_and_the_others_are_confirmed(self, tmp_path: Path) -> None:
        store = filled(tmp_path / "home")
        task = self.task(store)
        results = task["predictions"][0]["result"]
        gone = results[0]["id"]
        kept = [one for one in results if one["id"] != gone]
        said = self.answer(tmp_path, task, kept)
        verdicts = [mark.verdict for mark in said.marks]
        assert verdicts.count("bad") == 1 and set(verdicts) == {"bad", "good"}
        store.close()

    def test_an_annotation_begun_on_empty_paper_says_nothing_of_the_draft(self, tmp_path: Path) -> None:
        store = filled(tmp_path / "home")
        task = self.task(store)
        text = task["data"]["text"]
        start = text.index("ยอดผู้ติดตาม")
        place = Utf16(text)
        value = {
            "start": place.units(start), "end": place.units(start + 12), "text": text[start : start + 12],
            "labels": ["ประเด็น 5"],
        }  # fmt: skip
        region = {"id": "x9", "from_name": "evidence", "to_name": "text", "type": "labels", "value": value}
        (mark,) = self.answer(tmp_path, task, [region]).marks
        assert (mark.point, mark.verdict) == (5, "added")
        assert EMOJI[mark.place.start : mark.place.end] == "ยอดผู้ติดตาม"
        store.close()

    def test_a_region_over_two_blocks_is_a_mark_on_each(self, tmp_path: Path) -> None:
        store = filled(tmp_path / "home")
        task = self.task(store)
        text = task["data"]["text"]
        lengths = [length for _, length in task["data"]["khetcheck"]["blocks"]]
        end = lengths[0] + 2 + 4
        value = {"start": 3, "end": end, "text": text[3:end], "labels": ["ประเด็น 1"]}
        region = {"id": "x9", "from_name": "evidence", "to_name": "text", "type": "labels", "value": value}
        places = [mark.place for mark in self.answer(tmp_path, task, [region]).marks]
        assert [(one.start, one.end) for one in places] == [(3, lengths[0]), (0, 4)]
        store.close()

    def test_shifted_places_are_refused(self, tmp_path: Path) -> None:
        store = filled(tmp_path / "home")
        task = self.task(store)
        results = json.loads(json.dumps(task["predictions"][0]["result"]))
        results[0]["value"]["start"] += 1
        with pytest.raises(CorpusError, match="place"):
            self.answer(tmp_path, task, results)
        store.close()

    def test_a_cancelled_annotation_is_none_and_the_newest_counts(self, tmp_path: Path) -> None:
        store = filled(tmp_path / "home")
        task = self.task(store)

        def level(name: str, at: str, **more: Any) -> dict[str, Any]:
            result = {
                "id": "l", "from_name": "level-1", "to_name": "text", "type": "choices", "value": {"choices": [name]}
            }  # fmt: skip
            return {"result": [result], "updated_at": at} | more

        task["annotations"] = [
            level("มีความชัดเจน (clear)", "2026-11-02T00:00:00Z"),
            level("มีการดำเนินการ (done)", "2026-11-03T00:00:00Z"),
            level("ไม่มีการดำเนินการ (not done)", "2026-11-04T00:00:00Z", was_cancelled=True),
        ]
        path = tmp_path / "export.json"
        path.write_text(json.dumps([task]), "utf-8")
        (one,) = importlib.import_module(READERS["label-studio"]).read(path)
        assert one.said.levels == {1: "done"} and one.ignored == 1
        store.close()


@given(st.text(st.sampled_from("กำ👍🏽\u200d👨a \n𝒳"), max_size=40))
def test_places_are_utf16_and_come_back(text: str) -> None:
    place = Utf16(text)
    for at in range(len(text) + 1):
        assert place.units(at) == len(text[:at].encode("utf-16-le")) // 2
        assert place.letter(place.units(at)) == at
