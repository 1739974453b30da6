"""Odd names through the commands: files of Thai Windows, a home with a question mark, and imports listed and forgotten."""

import json
import os
from pathlib import Path

import pytest

from models.retraining.reviewed_case import CaseDocument, CaseDraft, Reading, ReviewedCase
from rubric import load_rubric
from tests import inboxes
from tests.flows.commands import run


@pytest.mark.skipif(os.name != "posix", reason="byte names are POSIX's")
def test_a_file_of_thai_windows_is_read_under_its_thai_name(tmp_path: Path) -> None:
    place = inboxes.word(tmp_path / os.fsdecode("รายงาน.docx".encode("cp874")), inboxes.REPORT)
    done = run("read", place, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["file"] == "รายงาน.docx"
    gone = run("read", f"{place}.gone")
    assert gone.returncode == 2 and "รายงาน.docx.gone" in gone.stderr


def test_brackets_in_a_path_are_shown_as_they_are(tmp_path: Path) -> None:
    home, inbox = tmp_path / "[red]h[", tmp_path / "[blue] [" / "b]"
    inbox.mkdir(parents=True)
    assert run("screen", inbox, "--direct", "--quick", "--home", home).returncode == 0
    shown = run("status", "--home", home, "--lang", "en")
    assert shown.returncode == 0, shown.stderr
    assert f"{home.name}/khetcheck.sqlite3" in shown.stdout and f"over {inbox}" in shown.stdout


def case(submission: str) -> ReviewedCase:
    at = "2026-10-01T03:00:00Z"
    draft = {
        "number": 1,
        "model": "m",
        "reader": "r",
        "score": 1,
        "abstained": False,
        "points": (),
        "created_at": at,
    }
    reading = {
        "reader": "a",
        "kind": "first",
        "blind": False,
        "state": "opened",
        "score": None,
        "seconds": 1.0,
    }
    return ReviewedCase(
        submission=submission,
        rubric=load_rubric("esa-2560-1.1").name,
        draft=CaseDraft.model_validate({**draft, "score_probabilities": {}}),
        documents=(CaseDocument(file="a.docx", sha256="", kind="plan"),),
        readings=(Reading.model_validate({**reading, "opened_at": at, "finished_at": None}),),
        blocks=0,
        passages=(),
    )


def test_imports_are_listed_and_taken_out_again(tmp_path: Path) -> None:
    home = tmp_path / "h?x=1"
    (tmp_path / "cases.jsonl").write_text("".join(case(f"s{n}").as_line() + "\n" for n in range(2)), "utf-8")
    assert run("cases", "import", tmp_path / "cases.jsonl", "--home", home).returncode == 0
    listed = run("cases", "imports", "--home", home).stdout.splitlines()
    assert sorted(line.split()[-1] for line in listed) == ["s0", "s1"]
    assert run("cases", "forget", listed[0].split()[0], "--home", home).returncode == 0
    assert run("cases", "imports", "--home", home).stdout.splitlines() == listed[1:]
    gone = run("cases", "forget", "s9", "--home", home, "--lang", "en")
    assert gone.returncode == 2 and "no imported case s9" in gone.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"h?x=1", "cases.jsonl"}
