from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from models.retraining.simulated_reviewers import Errors
from pipeline.learning.exchange import all_cases, export_cases, import_cases, imported_cases, read_cases
from rubric.exceptions import CorpusError


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
