from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from models.retraining.simulated_reviewers import Errors
from pipeline.learning.exchange import (
    all_cases,
    export_cases,
    forget_import,
    import_cases,
    imported_cases,
    list_imports,
    read_cases,
)
from pipeline.store.tables import ImportedCase
from rubric.exceptions import CorpusError, NotFoundError


@pytest.fixture
def cases(offices, review):
    return [review(office, Errors(labels=0.1), seed=1) for office in offices[:3]]


def test_exported_cases_come_back_exactly_as_they_were(cases, store, rubric, tmp_path):
    export_cases(cases, tmp_path / "cases.jsonl")
    with store.transaction() as session:
        done = import_cases(session, tmp_path / "cases.jsonl", rubric)
    with store.reading() as session:
        back = {case.submission: case for case in imported_cases(session)}
    assert done.added == 3
    assert back == {case.submission: case for case in cases}


def test_importing_twice_keeps_each_case_once(cases, store, rubric, tmp_path):
    export_cases(cases, tmp_path / "cases.jsonl")
    for _ in range(2):
        with store.transaction() as session:
            done = import_cases(session, tmp_path / "cases.jsonl", rubric)
    assert (done.added, done.known) == (0, 3)


def test_what_was_imported_can_be_exported_again_unchanged(cases, store, rubric, tmp_path):
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    export_cases(cases, first)
    with store.transaction() as session:
        import_cases(session, first, rubric)
    with store.reading() as session:
        export_cases(all_cases(session, rubric.id), second)
    assert sorted(first.read_text("utf-8").splitlines()) == sorted(second.read_text("utf-8").splitlines())


def _pickle(path: Path, line: str) -> None:
    path.write_bytes(pickle.dumps({"cases": [line]}))


def _zip(path: Path, line: str) -> None:
    path.write_bytes(b"PK\x03\x04" + line.encode())


def _other_schema(path: Path, line: str) -> None:
    path.write_text('{"id": 1, "annotations": []}\n', "utf-8")


def _unknown_key(path: Path, line: str) -> None:
    path.write_text(json.dumps({**json.loads(line), "__class__": "os.system"}) + "\n", "utf-8")


def _other_rubric(path: Path, line: str) -> None:
    path.write_text(json.dumps({**json.loads(line), "rubric": "hospital-1 v1"}) + "\n", "utf-8")


def _point_99(path: Path, line: str) -> None:
    case = json.loads(line)
    case["readings"][0]["points"][0]["point"] = 99
    path.write_text(json.dumps(case) + "\n", "utf-8")


def _missing_document(path: Path, line: str) -> None:
    case = json.loads(line)
    case["passages"][0]["document"] = 77
    path.write_text(json.dumps(case) + "\n", "utf-8")


def _deeply_nested(path: Path, line: str) -> None:
    path.write_text('{"format":' + "[" * 100_000 + "]" * 100_000 + "}\n", "utf-8")


def _not_utf8(path: Path, line: str) -> None:
    path.write_bytes(b'{"format": "\xff\xfe"}\n')


def _infinite_number(path: Path, line: str) -> None:
    path.write_text(line.replace('"seconds":900.0', '"seconds":1e999'), "utf-8")


def _edited(**changes):
    """A poison that edits the case as plain data: name -> what to do."""

    def poisoned(edit):
        def poison(path: Path, line: str) -> None:
            case = json.loads(line)
            edit(case)
            path.write_text(json.dumps(case) + "\n", "utf-8")

        return poison

    return {name: poisoned(edit) for name, edit in changes.items()}


def _mark(case):
    return next(mark for reading in case["readings"] for mark in reading["marks"])


EDITED = _edited(
    time_without_zone=lambda case: case["readings"][0].update(opened_at="2026-01-01T00:00:00"),
    mark_without_zone=lambda case: _mark(case).update(at="2026-01-01T00:00:00"),
    year_1=lambda case: case["draft"].update(created_at="0001-01-01T00:00:00+14:00"),
    year_9999=lambda case: case["readings"][0].update(finished_at="9999-12-31T23:59:59-12:00"),
    ends_before_it_begins=lambda case: case["readings"][0].update(finished_at="2001-01-01T00:00:00Z"),
    mark_on_missing_document=lambda case: _mark(case).update(document=50),
    unknown_facet=lambda case: _mark(case).update(role="practice", facets=["zz"]),
    unknown_facet_shown=lambda case: case["passages"][0].update(
        shown=[{"point": 1, "listed": "evidence", "role": "practice", "facets": ["?"], "probability": 0.5}]
    ),
    listed_as_nothing=lambda case: case["passages"][0].update(
        shown=[{"point": 1, "listed": "poem", "role": "practice", "probability": 0.5}]
    ),
    start_after_end=lambda case: _mark(case).update(start=9, end=3),
    score_99=lambda case: case["readings"][0].update(score=99),
    drafted_score_99=lambda case: case["draft"].update(score=99),
    probability_of_score_99=lambda case: case["draft"].update(score_probabilities={"99": 1.0}),
    one_reading_three_times=lambda case: case.update(readings=case["readings"] * 3),
    point_twice=lambda case: case["readings"][0].update(points=case["readings"][0]["points"] * 2),
    nul_in_a_note=lambda case: case["readings"][0].update(note="a\0b"),
    nul_in_the_name=lambda case: case.update(submission="a\0b"),
    escape_in_the_name=lambda case: case.update(submission="a\x1b[31m"),
    lone_surrogate=lambda case: case["passages"][0].update(text="\ud800"),
    unknown_state=lambda case: case["readings"][0].update(state="eaten"),
    fewer_blocks_than_passages=lambda case: case.update(blocks=0),
)


@pytest.mark.parametrize("poison", EDITED.values(), ids=EDITED)
def test_a_case_that_learning_could_not_use_is_refused_and_nothing_is_imported(
    poison, cases, store, rubric, tmp_path
):
    test_a_poisoned_line_is_refused_with_a_reason_and_nothing_is_imported(
        poison, cases, store, rubric, tmp_path
    )


@pytest.mark.parametrize(
    "name", ["time_without_zone", "year_1", "mark_on_missing_document", "unknown_facet_shown"]
)
def test_a_bad_case_that_was_taken_before_stops_nothing_and_can_be_taken_out(
    name, cases, store, rubric, tmp_path
):
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    export_cases(cases, good)
    EDITED[name](bad, cases[0].model_copy(update={"submission": "poison"}).as_line())
    with store.transaction() as session:
        import_cases(session, good, rubric)
        session.add(ImportedCase(key="ab" * 32, submission="poison", content=bad.read_text("utf-8")))
    with store.reading() as session:
        assert len(all_cases(session, rubric.id, unfinished=True)) == 3
        [unusable] = [one for one in list_imports(session, rubric) if one.unusable]
    assert unusable.submission == "poison" and unusable.unusable.th and unusable.unusable.en
    with store.transaction() as session:
        assert [one.key for one in forget_import(session, "abab")] == ["ab" * 32]
    with store.reading() as session:
        assert len(list_imports(session)) == 3


def test_an_import_is_taken_out_by_key_or_name_and_nothing_else_goes(cases, store, rubric, tmp_path):
    export_cases(cases, tmp_path / "cases.jsonl")
    with store.transaction() as session:
        import_cases(session, tmp_path / "cases.jsonl", rubric)
        forget_import(session, cases[0].key[:8])
        forget_import(session, cases[1].submission)
    with store.reading() as session:
        assert [one.submission for one in imported_cases(session)] == [cases[2].submission]
    for which in ("", cases[2].key[:3], "nobody", "%"):
        with pytest.raises(NotFoundError, match="cases imports"), store.transaction() as session:
            forget_import(session, which)


@pytest.mark.parametrize(
    "poison",
    [
        _pickle,
        _zip,
        _other_schema,
        _unknown_key,
        _other_rubric,
        _point_99,
        _missing_document,
        _deeply_nested,
        _not_utf8,
        _infinite_number,
    ],
    ids=lambda poison: poison.__name__.strip("_"),
)
def test_a_poisoned_line_is_refused_with_a_reason_and_nothing_is_imported(
    poison, cases, store, rubric, tmp_path
):
    good, bad, both = tmp_path / "good.jsonl", tmp_path / "bad.jsonl", tmp_path / "both.jsonl"
    export_cases(cases, good)
    poison(bad, good.read_text("utf-8").splitlines()[0])
    both.write_bytes(good.read_bytes() + bad.read_bytes())
    with pytest.raises(CorpusError) as refused, store.transaction() as session:
        import_cases(session, both, rubric)
    assert "line 4" in refused.value.message.en
    assert "บรรทัด 4" in refused.value.message.th
    with store.reading() as session:
        assert imported_cases(session) == []


def test_a_huge_line_is_refused_without_reading_it_whole(tmp_path, rubric, monkeypatch):
    monkeypatch.setattr("pipeline.learning.exchange.LARGEST_LINE", 1000)
    path = tmp_path / "huge.jsonl"
    path.write_text("{" + "x" * 5000, "utf-8")
    with pytest.raises(CorpusError, match="too long"):
        list(read_cases(path, rubric))


def test_a_huge_file_is_refused_before_it_is_read(tmp_path, rubric):
    path = tmp_path / "huge.jsonl"
    with path.open("wb") as stream:
        stream.truncate(5 * 1024**3)  # sparse: takes no room
    with pytest.raises(CorpusError, match="larger"):
        list(read_cases(path, rubric))


def test_an_export_that_fails_leaves_the_earlier_file_alone(tmp_path, cases):
    path = tmp_path / "cases.jsonl"
    path.write_text("earlier", "utf-8")

    def failing():
        yield cases[0]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        export_cases(failing(), path)
    assert path.read_text("utf-8") == "earlier"
