"""The tree of ``khetcheck up``: parts that die come back, one that does not stay up is told, nothing outlives the root."""

import json
import signal
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.running import FILE, found_running, server_kept_over, written_down
from flows.settings import Settings
from flows.tree import root as tree
from flows.tree.parts import Part, Wanted, environment_of, parts_of
from flows.tree.root import Root
from rubric.exceptions import RunnerError
from rubric.language import Bilingual
from tests import inboxes
from tests.flows.commands import run, start
from tests.flows.test_crash import descendants, gone
from tests.flows.test_ends import free_port

NAME = Bilingual("ส่วนหนึ่ง", "one part")


def root_of(tmp_path: Path, module: str, told: Callable[[Part], None] = lambda part: None) -> Root:
    (tmp_path / "a_part.py").write_text(module, "utf-8")
    part = Part(NAME, ("a_part",), answers=(tmp_path / "up").exists)
    return Root([part], {"PYTHONPATH": str(tmp_path)}, tmp_path / "up.log", told)


LIVES = "import pathlib, sys\npathlib.Path(__file__).with_name('up').touch()\nsys.stdin.read()\n"


def test_a_part_that_dies_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "LOOK_SECONDS", 0.01)
    died: list[Part] = []
    twice = LIVES.replace(
        "import pathlib, sys\n",
        "import pathlib, sys\nmark = pathlib.Path(__file__).with_name('b')\n"
        "if not mark.exists():\n    mark.touch()\n    sys.exit(1)\n",
    )
    root = root_of(tmp_path, twice, died.append)
    try:
        root.start()
    finally:
        root.end()
    assert [part.name for part in died] == [NAME]


def test_a_part_that_does_not_stay_up_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(tree, "MOST_DEATHS", 2)
    root = root_of(tmp_path, "raise SystemExit('the port is taken')")
    try:
        with pytest.raises(RunnerError, match="One part") as told:
            root.start()
    finally:
        root.end()
    assert "up.log" in told.value.remedy.en and "the port is taken" in (tmp_path / "up.log").read_text(
        "utf-8"
    )


def test_the_parts_are_server_worker_page_in_this_order(tmp_path: Path) -> None:
    wanted = Wanted("0.0.0.0", 8765, 4300, "/in", 15)
    parts = parts_of(wanted, lambda port: port == 4300)
    assert [part.words[:2] for part in parts] == [
        ("flows.server", "4300"),
        ("flows.tree.part", "worker"),
        ("flows.tree.part", "page"),
    ]
    assert parts[0].answers() and parts[0].environment["PREFECT_SERVER_UI_API_URL"].endswith(":4300/api")
    environment = environment_of(Settings(home=tmp_path), wanted)
    assert environment["KHETCHECK_REVIEW_URL"] == "http://127.0.0.1:8765"
    assert environment["PREFECT_API_URL"] == "http://127.0.0.1:4300/api"


def test_what_is_up_is_found_while_it_is(tmp_path: Path) -> None:
    assert found_running(tmp_path) is None
    with written_down(tmp_path, "http://127.0.0.1:9/api", "http://127.0.0.1:8765"):
        running = found_running(tmp_path)
        assert running is not None and running.page == "http://127.0.0.1:8765"
        assert server_kept_over(tmp_path) is None, "it does not answer"
    assert found_running(tmp_path) is None
    (tmp_path / FILE).write_text('{"server": 1', "utf-8")
    assert found_running(tmp_path) is None


def test_a_schedule_needs_an_inbox(tmp_path: Path) -> None:
    told = run("up", "--every", "5", "--home", tmp_path)
    assert told.returncode == 2 and "--inbox" in told.stderr


def heard(process: object, words: str) -> str:
    """Read what the command tells until these words come."""
    said = ""
    for line in process.stderr:  # type: ignore[attr-defined]
        said += line
        if words in said:
            break
    return said


def started(server: str, name: str, **parameters: object) -> str:
    """Start a deployment, as somebody does on Prefect's pages; returns the state in which it ends."""
    deployment = asked(f"{server}/deployments/name/{name}/{name}")
    run = asked(f"{server}/deployments/{deployment['id']}/create_flow_run", {"parameters": parameters})
    deadline = time.monotonic() + 400
    while time.monotonic() < deadline:
        state = asked(f"{server}/flow_runs/{run['id']}")["state_type"]
        if state not in {"SCHEDULED", "PENDING", "RUNNING"}:
            break
        time.sleep(0.5)
    return str(state)


def asked(address: str, body: object = None) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    query = urllib.request.Request(address, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(query, timeout=60) as answer:
        return dict(json.load(answer))


@pytest.mark.prefect
@pytest.mark.timeout(900)
@pytest.mark.skipif(sys.platform != "linux", reason="counts processes by Linux's own list")
def test_up_runs_everything_and_leaves_nothing(tmp_path: Path) -> None:
    inbox, home, port = inboxes.make(tmp_path / "inbox", 1), tmp_path / "home", free_port()
    process = start("up", "--home", home, "--port", port, "--lang", "en")
    try:
        assert f"http://127.0.0.1:{port}" in heard(process, "Ctrl+C stops all"), (home / "up.log").read_text()
        second = run("up", "--home", home, "--lang", "en")
        assert second.returncode == 3 and "already" in second.stderr
        server = server_kept_over(home)
        assert server is not None
        screened = run("screen", inbox, "--home", home, "--quick")
        assert (screened.returncode, screened.stderr) == (0, "")
        assert (home / "prefect" / "prefect.db").exists()
        assert started(server, "screen", inbox=str(inbox), quick=True) == "COMPLETED"
        below = descendants(process.pid)
        assert len(below) >= 3
    finally:
        process.send_signal(signal.SIGTERM)
    process.communicate(timeout=120)
    assert process.returncode == 0 and gone(below)
    assert found_running(home) is None
