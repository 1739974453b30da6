"""``khetcheck sources`` and ``khetcheck screen NAME`` as an officer uses them; and no secret in anything that is left behind."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.opening.credentials import from_environment, secrets_of
from flows.orchestrator import keep_trace
from pipeline.secrecy import withhold
from pipeline.sources.source import Source
from rubric.exceptions import InboxError, KhetcheckError, NotFoundError, SettingsError
from tests import inboxes
from tests.faulty_servers.faults import Faults
from tests.faulty_servers.sftp import sftp_server
from tests.faulty_servers.web import PASSWORD, USER, web_server
from tests.flows.commands import run

Invoke = Callable[..., Any]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KHETCHECK_WORKERS", "1")
    monkeypatch.setenv("KHETCHECK_SOURCE_SITE__USERNAME", USER)
    monkeypatch.setenv("KHETCHECK_SOURCE_SITE__PASSWORD", PASSWORD)
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def invoke(home: Path) -> Invoke:
    """Run a command over the home, in this process."""

    def invoked(*arguments: str) -> Any:
        return CliRunner().invoke(app, [*arguments, "--home", str(home)])

    return invoked


def told(home: Path, text: str) -> None:
    (home / "sources.yaml").write_text(text, "utf-8")


def holds(folder: Path, word: str) -> list[Path]:
    """The files of a folder that hold a word."""
    return [path for path in folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes()]


def test_a_source_is_listed_checked_pulled_and_screened_and_its_password_is_nowhere(
    home: Path, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = inboxes.make(tmp_path / "served", 2)
    log = tmp_path / "log.jsonl"
    with web_server(inbox, Faults(seed=2, rate=0.5, log=log), protected=True) as server:
        told(home, f"sources:\n  site: {{kind: http, url: '{server.url}'}}\n")
        listed, checked = invoke("sources", "list", "--json"), invoke("sources", "check", "--json")
        assert json.loads(listed.output)[0]["secrets"] == ["password", "username"]
        assert [(one["submissions"], one["new"]) for one in json.loads(checked.output)] == [(2, 2)]
        pulled = invoke("sources", "pull", "site")
        assert pulled.exit_code == 0 and "ดึงใหม่ 2 ชุด" in pulled.output
        sent = log.read_bytes()
        again = invoke("sources", "pull")
        assert "มีอยู่แล้ว 2 ชุด" in again.output
        screened = invoke("screen", "site", "--direct", "--quick")
        assert screened.exit_code == 0 and "ร่างใหม่ 2 ชุด" in screened.output
        assert log.read_bytes() == sent, "something was fetched again"
        monkeypatch.setenv("KHETCHECK_SOURCE_SITE__PASSWORD", "WRONG" + PASSWORD)
        refused = invoke("sources", "check", "site")
        assert refused.exit_code == 1 and "✗ site" in refused.output
    runs = (listed, checked, pulled, again, screened, refused)
    assert PASSWORD not in "".join(one.output for one in runs) and holds(home, PASSWORD) == []


@pytest.mark.prefect
def test_a_password_in_an_address_reaches_neither_prefect_nor_the_store(
    home: Path, invoke: Invoke, tmp_path: Path
) -> None:
    inbox = inboxes.make(tmp_path / "served", 1)
    with sftp_server(inbox) as server:
        shown = f"sftp://127.0.0.1:{server.port}/"
        where = shown.replace("//", f"//{USER}:{PASSWORD}@")
        screened = run("screen", where, "--home", home, "--quick")
        assert screened.returncode == 0 and "ร่างใหม่ 1 ชุด" in screened.stdout, screened.stderr
        assert "ไม่มีอะไรใหม่" in invoke("screen", where, "--quick", "--direct").output
    gone = invoke("screen", where, "--quick", "--direct")
    assert isinstance(gone.exception, InboxError)
    assert shown in gone.exception.told("en")
    assert PASSWORD not in screened.stdout + screened.stderr + gone.output + gone.exception.told("th")
    assert (home / "prefect").is_dir() and holds(home, shown) != []
    assert holds(home, PASSWORD) == [] and holds(home, f"{USER}:") == []


def test_a_defects_details_hold_no_secret(home: Path) -> None:
    withhold(["SECRETWORD"])
    try:
        raise ValueError(f"sftp://bob:{PASSWORD}@host/ SECRETWORD")
    except ValueError as error:
        log = keep_trace(home, error).read_text("utf-8")
    assert "sftp://host/ ***" in log and PASSWORD not in log and "SECRETWORD" not in log


def test_a_watched_folder_is_emptied_into_done_and_failed(home: Path, invoke: Invoke, tmp_path: Path) -> None:
    inbox = inboxes.make(tmp_path / "in", 1)
    (inbox / "s03").mkdir()
    (inbox / "s03" / "plan.docx").write_bytes(b"PK\x05\x06" + bytes(18))
    folders = f"path: '{inbox}', done: '{tmp_path}/done', failed: '{tmp_path}/failed'"
    told(home, f"sources:\n  share: {{kind: folder, {folders}, steady_seconds: 0.2}}\n")
    screened = invoke("screen", "share", "--direct", "--quick")
    assert screened.exit_code == 1 and "ร่างใหม่ 1 ชุด มีร่างอยู่แล้ว 0 ชุด ไม่สำเร็จ 1 ชุด" in screened.output
    assert [path.name for path in (tmp_path / "done").iterdir()] == ["s01"]
    assert (tmp_path / "failed" / "s03.txt").read_text("utf-8").strip() and not list(inbox.iterdir())
    shutil.copytree(tmp_path / "done" / "s01", inbox / "s01")
    inboxes.word(inbox / "s01" / "more.docx", inboxes.REPORT)
    assert "ร่างใหม่ 1 ชุด" in invoke("screen", "share", "--direct", "--quick").output
    status = json.loads(invoke("status", "--json").output)
    assert status["submissions"] == 2, "a later delivery is a new version of the same submission"
    assert len(list((tmp_path / "done").iterdir())) == 2


def test_a_list_of_offices_tells_who_is_missing_and_gets_its_results(
    home: Path, invoke: Invoke, tmp_path: Path
) -> None:
    inboxes.make(tmp_path / "lists", 1)
    rows = [["office", "link"], *([f"สพป. ตัวอย่าง เขต {n}", f"s{n:02}/report.docx"] for n in range(1, 4))]
    with (tmp_path / "lists" / "offices.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    told(home, f"sources:\n  offices: {{kind: manifest, path: '{tmp_path}/lists/offices.csv'}}\n")
    screened = invoke("screen", "offices", "--direct", "--quick")
    assert screened.exit_code == 0, screened.output
    assert "ยังไม่มีเอกสาร 2 จาก 3 สำนักงานในรายการ: สพป. ตัวอย่าง เขต 2" in screened.output
    results = list(
        csv.reader((tmp_path / "lists" / "offices.results.csv").read_text("utf-8-sig").splitlines())
    )
    said = [row[-1].split(" / ")[-1] for row in results[1:]]
    assert said == ["drafted", *["is in the list, and the file is not there"] * 2]


def test_what_is_wrong_is_a_sentence(home: Path, invoke: Invoke) -> None:
    told(home, "sources:\n  x: {kind: folder, path: nowhere}\n")
    assert isinstance(invoke("sources", "pull", "y").exception, NotFoundError)
    away = invoke("sources", "check")
    assert away.exit_code == 1 and "✗ x" in away.output
    told(home, f"sources:\n  x: {{kind: sftp, url: 'sftp://bob:{PASSWORD}@host/'}}\n")
    wrong = invoke("sources", "list").exception
    assert isinstance(wrong, KhetcheckError) and "KHETCHECK_SOURCE_X__" in wrong.told("en")
    assert PASSWORD not in wrong.told("en") + wrong.told("th")


def test_secrets_come_from_variables_in_groups(home: Path) -> None:
    source = Source(name="my-site", kind="http", url="https://host/")
    given = {
        "KHETCHECK_SOURCE_MY_SITE__PASSWORD": "a",
        "KHETCHECK_SOURCE_MY_SITE__CLIENT_KWARGS__TRUST_ENV": "b",
        "KHETCHECK_SOURCE_MY__PASSWORD": "another's",
    }
    assert from_environment(source, given) == {"password": "a", "client_kwargs": {"trust_env": "b"}}


def test_a_secret_of_prefect_needs_its_server(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    source = Source(name="site", kind="http", url="https://host/", prefect_secret="block")
    with pytest.raises(SettingsError, match="PREFECT_API_URL"):
        secrets_of(source, home)
