"""The command line as an officer meets it: exit statuses, sentences in two languages, no program's babble."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.drafts import DraftsFile
from tests import inboxes
from tests.flows.commands import run


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = inboxes.make(tmp_path_factory.mktemp("inbox"), 2)
    (folder / "s03").mkdir()
    (folder / "s03" / "plan.pdf").write_bytes(b"%PDF-1.7\nbroken")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, inbox: Path) -> Iterator[Path]:
    """A home over which the inbox was screened once, directly."""
    folder = tmp_path_factory.mktemp("home")
    screened = run("--home", folder, "screen", inbox, "--direct", "--quick")
    assert screened.returncode == 1, screened.stderr
    assert "s03" in screened.stdout and "ไม่สำเร็จ 1 ชุด" in screened.stdout and screened.stderr == ""
    yield folder


@pytest.mark.parametrize("words", [("--help",), ("screen", "--help"), ("status", "--help")])
def test_help_loads_nothing_that_takes_long(words: tuple[str, ...]) -> None:
    """Under a second on an idle machine, because of what it does not import."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "flows.cli", *words],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rsplit("|", 1)[-1].strip() for line in told.stderr.splitlines()}
    assert "flows.cli" in loaded or "flows" in loaded
    assert not loaded & {
        "prefect",
        "sklearn",
        "scipy",
        "numpy",
        "pdfplumber",
        "onnxruntime",
        "pythainlp",
        "fastapi",
    }


def test_help_is_in_thai_or_english() -> None:
    thai = run("--help")
    assert "ตรวจร่างเบื้องต้น" in thai.stdout
    assert "Pre-screens" in run("--help", LANG="en_US.UTF-8").stdout
    assert "Pre-screens" in run("--lang", "en", "--help").stdout


def test_a_second_run_screens_nothing_and_says_so(home: Path, inbox: Path) -> None:
    (home.parent / "unused").mkdir(exist_ok=True)
    again = run("screen", inbox, "--direct", "--quick", "--home", home, "--lang", "en")
    assert again.returncode == 1  # what failed before is told again, and not read again
    assert "0 drafted, 2 unchanged, 1 failed" in again.stdout


def test_the_drafts_are_exported_in_the_shape_of_the_contract(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "drafts.json"
    assert run("export", "--format", "json", "--out", out, "--home", home).returncode == 0
    data = json.loads(out.read_text("utf-8"))
    DraftsFile.model_validate(data)
    assert [draft["submission"] for draft in data["drafts"]] == ["s01", "s02"]
    draft = data["drafts"][0]
    assert draft["fiscal_year"] == 2565 and set(draft["score_probabilities"]) == {"1", "2", "3", "4", "5"}
    assert [point["point"] for point in draft["points"]] == [1, 2, 3, 4, 5, 6]
    assert abs(sum(draft["score_probabilities"].values()) - 1) < 0.01
    evidence = [item for point in draft["points"] for item in point["evidence"]]
    assert evidence and all(item["boxes"] == [] and item["page"] is None for item in evidence)
    assert {document["kind"] for document in draft["documents"]} == {"plan", "report"}


def test_one_submission_can_be_exported_and_an_unknown_one_is_told(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "one.json"
    run("export", "--out", out, "--submission", "s02", "--home", home)
    assert [draft["submission"] for draft in json.loads(out.read_text("utf-8"))["drafts"]] == ["s02"]
    unknown = run("export", "--out", out, "--submission", "nobody", "--home", home)
    assert unknown.returncode == 2 and "nobody" in unknown.stderr


def test_drafts_and_reviews_are_exported_to_a_folder_in_every_form(home: Path, tmp_path: Path) -> None:
    table = run("export", "--format", "xlsx", "--out", tmp_path, "--home", home, "--batch", 1, "--lang", "en")
    assert table.returncode == 0 and "2 drafts" in table.stderr, table.stderr
    assert (tmp_path / "khetcheck-drafts.xlsx").exists()
    none = run(
        "export", "--what", "reviews", "--format", "csv", "--out", tmp_path, "--home", home, "--lang", "en"
    )
    assert none.returncode == 0 and "0 reviewed" in none.stderr, none.stderr
    wrong = run("export", "--what", "wishes", "--out", tmp_path, "--home", home)
    assert wrong.returncode == 2 and "wishes" in wrong.stderr


def test_a_letter_is_written_and_says_that_it_is_a_draft(home: Path, tmp_path: Path) -> None:
    made = run("letter", "s01", "--out", tmp_path, "--home", home)
    assert made.returncode == 0 and "ร่าง" in made.stderr, made.stderr
    assert (tmp_path / "หนังสือแจ้งผล-s01.docx").stat().st_size > 10_000
    for arguments in (("nobody", "x.docx"), ("s01", "x.odt")):
        wrong = run("letter", arguments[0], "--out", tmp_path / arguments[1], "--home", home)
        assert wrong.returncode == 2 and "Traceback" not in wrong.stderr


def test_status_tells_what_failed_and_why(home: Path) -> None:
    told = run("status", "--home", home)
    assert told.returncode == 0 and "s03" in told.stdout and "อ่านเอกสารไม่ได้เลยสักไฟล์" in told.stdout
    data = json.loads(run("status", "--json", "--home", home).stdout)
    assert data["submissions"] == 3 and data["states"] == {"draft": 2, "failed": 1}
    assert [failure["submission"] for failure in data["failures"]] == ["s03"]


def test_read_shows_a_document_and_touches_no_store(inbox: Path, tmp_path: Path) -> None:
    shown = run("read", inbox / "s01" / "plan.docx", "--json", HOME=str(tmp_path))
    data = json.loads(shown.stdout)
    assert data["read_by"] == "text" and data["blocks"][0]["text"] == inboxes.PLAN[0]
    assert not (tmp_path / ".khetcheck").exists()
    broken = run("read", inbox / "s03" / "plan.pdf")
    assert broken.returncode == 1 and broken.stderr


def test_evaluate_prints_figures_with_intervals(home: Path, tmp_path: Path) -> None:
    truth = {
        "points": {str(n): {"done": True, "clear": False} for n in range(1, 7)},
        "score": 1,
        "blocks": [],
    }
    truth["blocks"] = [
        {"document": "report.docx", "text": inboxes.REPORT[1], "labels": [{"point": 1, "role": "practice"}]}
    ]
    (tmp_path / "s01").mkdir()
    (tmp_path / "s01" / "gold.json").write_text(json.dumps(truth), "utf-8")
    assert "F1" in run("evaluate", tmp_path, "--home", home).stdout
    data = json.loads(run("evaluate", tmp_path, "--home", home, "--json").stdout)
    assert data["submissions"] == 1 and {"value", "low", "high"} == set(data["figures"]["score_exact"])
    costs = json.loads(run("evaluate", tmp_path, "--home", home, "--cost", "--json").stdout)
    assert costs["cpu_seconds_per_1000_pages"]["cost_quick"] > 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["screen", "/no/such/folder"], "/no/such/folder"),
        (["screen"], ""),
        (["no-such-command"], ""),
        (["screen", ".", "--store", "mysql://x/y"], "mysql"),
        (["export", "--format", "wav", "--out", "x"], "wav"),
        (["read", "/no/such.pdf"], "/no/such.pdf"),
        (["evaluate", "/no/such"], "gold.json"),
    ],
    ids=["inbox", "argument", "command", "store", "format", "file", "gold"],
)
def test_a_wrong_request_is_told_and_ends_with_2(arguments: list[str], told: str, tmp_path: Path) -> None:
    wrong = run(*arguments, KHETCHECK_HOME=str(tmp_path))
    assert wrong.returncode == 2
    assert told in wrong.stderr and "Traceback" not in wrong.stderr + wrong.stdout


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    wrong = run("status", KHETCHECK_HOME=str(tmp_path), KHETCHECK_WORKERS="many")
    assert wrong.returncode == 2 and "KHETCHECK_WORKERS" in wrong.stderr


def test_an_empty_inbox_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    empty = run("screen", tmp_path / "in", "--home", tmp_path / "home", "--lang", "en")
    assert empty.returncode == 0 and "no submissions" in empty.stdout


def test_limit_takes_the_next_ones_at_each_run(tmp_path: Path) -> None:
    inboxes.make(tmp_path / "in", 3)
    first, second = (
        run(
            "screen",
            tmp_path / "in",
            "--home",
            tmp_path / "home",
            "--limit",
            n,
            "--direct",
            "--quick",
            "--lang",
            "en",
        )
        for n in (1, 1)
    )
    assert "1 drafted, 0 unchanged" in first.stdout and "2 are left" in first.stdout
    assert "1 drafted, 1 unchanged" in second.stdout and "1 are left" in second.stdout


def test_letters_marks_and_reports_leave_by_command_and_prove_themselves(home: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.docx"
    written = run("--home", home, "letter", "s01", "--out", letter)
    assert written.returncode == 0 and "ฉบับที่ 1 ของ s01 (ร่าง)" in written.stderr
    assert run("--home", home, "verify", letter).returncode == 0
    told = json.loads(run("--home", home, "verify", letter, "--json").stdout)
    assert told["holds"] and told["state"] == "draft"
    listed = json.loads(run("--home", home, "letters", "list", "--json").stdout)
    assert [(one["submission"], one["number"], one["state"]) for one in listed] == [("s01", 1, "draft")]
    frozen = run("--home", home, "letter", "s01", "--freeze")
    assert frozen.returncode == 2 and "ยังไม่มีใครตรวจ s01 เสร็จ" in frozen.stderr
    (tmp_path / "not.docx").write_bytes(b"x")
    refused = run("--home", home, "verify", tmp_path / "not.docx")
    assert refused.returncode == 1 and "Traceback" not in refused.stderr
    for wrong in (
        ("letter",),
        ("letter", "s01"),
        ("letter", "--all"),
        ("letter", "s01", "--out", tmp_path / "x.odt"),
    ):
        assert run("--home", home, *wrong).returncode == 2
    assert run("letters", "template", "--out", tmp_path / "paper.docx").returncode == 0
    marked = run("--home", home, "mark", "s01", "--out", tmp_path / "marked")
    assert marked.returncode in (0, 1) and "Traceback" not in marked.stderr
    assert run("--home", home, "report", "--batch", "1", "--out", tmp_path / "r.html").returncode == 0
    assert run("--home", home, "report", "--batch", "9", "--out", tmp_path / "r.html").returncode == 2
