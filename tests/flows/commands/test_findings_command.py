"""``khetcheck findings`` as a lead meets it: list, dismiss, reopen, precision, common wording; wrong requests are told."""

import json
from pathlib import Path

from pipeline.drafts import Finding
from pipeline.store import drafts, submissions
from pipeline.store.database import Store
from tests import examples
from tests.flows.commands import run


def made(home: Path) -> None:
    finding = Finding(
        kind="other_office",
        message="เขตอื่น",
        message_en="Another.",
        document="report.pdf",
        page=3,
        quote="สพป.ภูคีรี 1",
    )
    draft = examples.draft(findings=(finding,))
    store = Store.at(home)
    with store.transaction() as session:
        filed = [submissions.Filed(one, 10, "declared", None) for one in draft.documents]
        intake = submissions.Intake(draft.submission, "inbox", "k1", office=draft.office)
        drafts.save_draft(session, draft, submissions.record_delivery(session, intake, filed))
    store.close()


def test_a_finding_is_listed_dismissed_and_opened_again(tmp_path: Path) -> None:
    made(tmp_path)
    [one] = json.loads(run("findings", "list", "--json", "--home", tmp_path).stdout)
    assert (one["state"], one["kind"], one["submission"], one["act"]) == ("open", "other_office", "s01", None)
    key = one["key"]
    said = run(
        "findings",
        "dismiss",
        key,
        "--reason",
        "wrong",
        "--note",
        "พี่เลี้ยง",
        "--by",
        "somchai",
        "--home",
        tmp_path,
    )
    assert said.returncode == 0, said.stderr
    [one] = json.loads(run("findings", "list", "--state", "dismissed", "--json", "--home", tmp_path).stdout)
    assert (one["act"]["who"], one["act"]["reason"], one["act"]["note"]) == ("somchai", "wrong", "พี่เลี้ยง")
    assert "0%" in run("findings", "precision", "--home", tmp_path).stdout
    assert run("findings", "reopen", key, "--by", "somchai", "--home", tmp_path).returncode == 0
    shown = run("findings", "list", "--home", tmp_path).stdout
    assert key in shown and "ยังไม่ตัดสิน" in shown
    wrong = run(
        "findings", "dismiss", key, "--reason", "because", "--by", "x", "--home", tmp_path, "--lang", "en"
    )
    assert (
        wrong.returncode == 2
        and "There is no reason because" in wrong.stderr
        and "Traceback" not in wrong.stderr
    )
    assert "ยังไม่มีข้อความ" in run("findings", "common", "--home", tmp_path).stdout
