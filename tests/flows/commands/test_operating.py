"""Keeping an installation going, as whoever maintains it does: by commands, in processes of their own."""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from flows.server import temporary_server
from tests import inboxes
from tests.flows.commands import ROOT, environment, run
from tests.needs import needs_office, needs_tesseract


@needs_office
@needs_tesseract
def test_the_doctor_says_what_stands_and_what_does_not(tmp_path: Path) -> None:
    sound = run("doctor", "--json", "--home", tmp_path)
    told = json.loads(sound.stdout)
    assert sound.returncode == 0 and told["state"] in {"ok", "warn"}, sound.stdout
    assert all(one["th"] and one["en"] for one in told["checks"])
    away = run(
        "doctor",
        "--home",
        tmp_path,
        "--store",
        "postgresql+psycopg://a:SECRETPW@127.0.0.1:1/x",
        "--lang",
        "en",
    )
    assert (
        away.returncode == 3
        and "does not answer" in away.stdout
        and "SECRETPW" not in away.stdout + away.stderr
    )
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nbroken")
    failed = run("doctor", "--file", broken, "--home", tmp_path)
    assert failed.returncode == 1 and "✗" in failed.stdout and "→" in failed.stdout


def test_a_backup_is_brought_back_by_two_commands(tmp_path: Path) -> None:
    home, folder, other = tmp_path / "home", tmp_path / "backup", tmp_path / "other"
    inbox = inboxes.make(tmp_path / "inbox", 1)
    assert run("screen", inbox, "--direct", "--quick", "--home", home).returncode == 0
    made = run("backup", folder, "--home", home, "--lang", "en")
    assert made.returncode == 0 and "2 files" in made.stderr, made.stderr
    back = run("restore", folder, "--home", other, "--lang", "en")
    assert back.returncode == 0 and "Restored and proved" in back.stderr, back.stderr
    again = run("screen", inbox, "--direct", "--quick", "--home", other, "--lang", "en")
    assert again.returncode == 0 and "none was screened again" in again.stdout
    refused = run("restore", folder, "--home", other)
    assert refused.returncode == 2 and "--replace" in refused.stderr


@pytest.mark.prefect
def test_pruning_tells_first_and_drops_the_orchestrators_old_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))  # with no runs of other tests
    with temporary_server() as address, httpx.Client(base_url=address, timeout=60) as server:
        for name in ("screen", "somebody-elses"):
            flow = server.post("/flows/", json={"name": name}).json()
            made = {"flow_id": flow["id"], "state": {"type": "COMPLETED"}}
            assert server.post("/flow_runs/", json=made).status_code == 201
        before = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat()
        old = {"flow_runs": {"end_time": {"before_": before}}}
        assert server.post("/flow_runs/count", json=old).json() == 2
        told = run(
            "prune",
            "--older-than",
            1,
            "--dry-run",
            "--home",
            tmp_path,
            "--lang",
            "en",
            PREFECT_API_URL=address,
        )
        assert told.returncode == 0 and "runs in Prefect's history: 0" in told.stdout, told.stderr
        assert "Nothing was removed" in told.stderr
        look = (
            "import datetime as d, pathlib, sys; from flows.commands.operating.prefect_runs import old_runs as old;"
            "t = d.datetime.now(d.UTC) + d.timedelta(hours=1); h = pathlib.Path(sys.argv[1]);"
            "print(old(h, t, dry=True), old(h, t, dry=False), old(h, t, dry=True))"
        )
        command = [sys.executable, "-c", look, str(tmp_path)]
        given = environment(PREFECT_API_URL=address)
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=given, check=True)
        assert done.stdout.split() == ["1", "1", "0"]
        assert server.post("/flow_runs/count", json=old).json() == 1  # another's history is not ours to drop
    away = run(
        "prune",
        "--older-than",
        30,
        "--home",
        tmp_path,
        "--lang",
        "en",
        PREFECT_API_URL="http://127.0.0.1:1/api",
    )
    assert away.returncode == 0 and "Prefect" not in away.stdout
