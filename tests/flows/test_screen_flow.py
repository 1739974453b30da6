"""The orchestrated way: the same drafts as the direct one, its data inside the home, and silence on the screen."""

import contextlib
import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from prefect.client.schemas.objects import State, StateType
from prefect.states import Completed, Failed, Running
from sqlalchemy import func, select
from sqlalchemy.engine import URL
from typer.testing import CliRunner

from flows import orchestrator
from flows.cli import app
from flows.orchestrated import killed
from flows.orchestrated.tasks import MOST_TASKS, chunked
from flows.server import temporary_server
from flows.settings import Settings
from pipeline.batches.batch import BatchRun
from pipeline.store.database import Store
from pipeline.store.tables import Batch, BatchItem, DraftRow
from tests import inboxes, postgres
from tests.flows.commands import environment, run
from tests.needs import absent


@pytest.mark.prefect
def test_direct_and_orchestrated_write_identical_drafts(tmp_path: Path) -> None:
    inbox = inboxes.make(tmp_path / "inbox", 3)
    inboxes.submission(inbox, "s09", office="สพป.ภูคีรี เขต 1", extra=[inboxes.REPORT[1] + " จำนวนมากกว่าปีก่อน"])
    user = tmp_path / "user"
    user.mkdir()
    for name, options in (("a", ["--direct"]), ("b", [])):
        screened = run("screen", inbox, "--home", tmp_path / name, "--quick", *options, HOME=str(user))
        assert (screened.returncode, screened.stderr) == (0, "")
        assert "ร่างใหม่ 4 ชุด" in screened.stdout
        assert "prefect" not in screened.stdout.lower() and "server" not in screened.stdout.lower()
        run("export", "--out", tmp_path / f"{name}.json", "--home", tmp_path / name)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert (tmp_path / "b" / "prefect").is_dir() and not (tmp_path / "a" / "prefect").exists()
    assert list(user.iterdir()) == [], "something was written outside the home"
    (direct,), (orchestrated,) = batches(tmp_path / "a"), batches(tmp_path / "b")
    assert direct.flow_run is None and orchestrated.flow_run is not None
    assert direct.totals == orchestrated.totals and direct.ended_at and orchestrated.ended_at


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Prefect server of the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
        with temporary_server(300) as address:
            yield address


FLOW = """
import json, sys
from pathlib import Path
from flows.opening.prefect_surroundings import prepare_orchestrator

inbox, home = sys.argv[1:]
prepare_orchestrator(Path(home))
from flows.orchestrated.screen import screen

first = screen(inbox=inbox, home=home, quick=True, limit=2)
rest = screen(inbox=inbox, home=home, quick=True, return_state=True)
print(json.dumps([first, rest.type, rest.name, rest.message, rest.result()]))
"""


@pytest.mark.prefect
def test_the_flow_works_from_its_parameters_alone(tmp_path: Path, server: str) -> None:
    """As a worker of Prefect runs it: in a process that knows neither command line nor open batch."""
    inbox, home = inboxes.make(tmp_path / "inbox", 3), tmp_path / "home"
    unreadable(inbox, "s04")
    done = subprocess.run(
        [sys.executable, "-c", FLOW, inbox, home],
        env=environment(PREFECT_API_URL=server),
        capture_output=True,
        text=True,
        check=True,
    )
    first, kind, name, message, rest = json.loads(done.stdout)
    assert first == {"drafted": 2, "unchanged": 0, "failed": 0}
    assert rest == {"drafted": 1, "unchanged": 2, "failed": 1}
    assert (kind, name) == ("COMPLETED", "NoDraft") and message.startswith("1 / 4: s04: ")
    assert [batch.totals["drafted"] for batch in batches(home)] == [2, 1]


def asked(server: str, what: str, **filters: Any) -> list[dict[str, Any]]:
    """What Prefect's server tells of flow runs, task runs, logs or artifacts."""
    body = json.dumps(filters).encode()
    query = urllib.request.Request(f"{server}/{what}/filter", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(query, timeout=60) as answer:
        return list(json.load(answer))


def flow_run_over(server: str, inbox: Path) -> dict[str, Any]:
    (one,) = (run for run in asked(server, "flow_runs") if run["parameters"]["inbox"] == str(inbox))
    return one


def unreadable(inbox: Path, name: str) -> None:
    """A submission of which no document can be read."""
    (inbox / name).mkdir(parents=True)
    (inbox / name / "plan.pdf").write_bytes(b"no PDF at all")


def is_steady(server: str, flow_run: str, count: int) -> bool:
    """Wait until the server has taken in what the run's tasks told of their ends; it does so by and by."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        tasks = asked(server, "task_runs", flow_runs={"id": {"any_": [flow_run]}})
        if len(tasks) == count and all(task["end_time"] for task in tasks):
            return True
        time.sleep(0.2)
    return False


@pytest.mark.prefect
def test_prefect_tells_what_has_no_draft_and_what_failed(tmp_path: Path, server: str) -> None:
    inbox, home = inboxes.make(tmp_path / "2568 รอบ 1", 1), tmp_path / "home"
    unreadable(inbox, "s02")
    (inbox / "s03").symlink_to(inboxes.make(tmp_path / "elsewhere", 1) / "s01")
    settings = {"PREFECT_API_URL": server, "KHETCHECK_REVIEW_URL": "http://review.example"}
    screened = run("screen", inbox, "--home", home, "--quick", **settings)
    flow_run = flow_run_over(server, inbox)
    assert screened.returncode == 1 and flow_run["state_type"] == "FAILED"
    assert flow_run["state"]["message"].startswith("2 / 3: s03: ")
    assert re.fullmatch(r"screen 2568 รอบ 1 \d{4}-\d\d-\d\d", flow_run["name"])
    assert flow_run["tags"] == ["khetcheck"]

    mine = {"flow_runs": {"id": {"any_": [flow_run["id"]]}}}
    assert is_steady(server, flow_run["id"], 3)
    states = {task["name"]: task["state"] for task in asked(server, "task_runs", **mine)}
    assert {name: state["name"] for name, state in states.items()} == {
        "s01": "Completed",
        "s02": "NoDraft",
        "s03": "Failed",
    }
    assert states["s02"]["type"] == "COMPLETED" and "No document" in states["s02"]["message"]
    logs = asked(server, "logs", logs={"flow_run_id": {"any_": [flow_run["id"]]}})
    told = [log["message"] for log in logs if log["message"].startswith("s0")]
    assert sorted(line.split(",")[0] for line in told) == ["s01: drafted", "s02: failed", "s03: failed"]
    (table,) = asked(server, "artifacts", artifacts={"flow_run_id": {"any_": [flow_run["id"]]}})
    rows = json.loads(table["data"])
    assert len(rows) == 3
    assert re.fullmatch(r"\[s01\]\(http://review\.example/cases/\d\)", rows[0]["submission"])


@pytest.mark.prefect
def test_prefect_shows_which_database_it_was_and_no_password(
    tmp_path: Path, server: str, postgres_server: URL | None
) -> None:
    if postgres_server is None:
        absent("PostgreSQL")
    inbox, home = inboxes.make(tmp_path / "inbox", 1), tmp_path / "home"
    with postgres.fresh_schema(postgres_server.set(password="Sesame-77")) as database:
        screened = run(
            "screen", inbox, "--home", home, "--store", database, "--quick", PREFECT_API_URL=server
        )
    assert (screened.returncode, screened.stderr) == (0, "")
    flow_run = flow_run_over(server, inbox)
    assert flow_run["parameters"]["batch"] == 1 and flow_run["parameters"]["store"].endswith(
        database.partition("@")[2]
    )
    logs = asked(server, "logs", logs={"flow_run_id": {"any_": [flow_run["id"]]}})
    assert "Sesame" not in json.dumps(
        [flow_run, logs, asked(server, "task_runs"), asked(server, "artifacts")]
    )
    assert not (home / "khetcheck.sqlite3").exists()


def test_where_prefect_breaks_off_the_same_batch_is_screened_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(
        batch_run: BatchRun,
        settings: Settings,
        limit: int | None,
        retry: bool,
        on_item: Callable[[Any], None],
    ) -> bool:
        on_item(batch_run.screen("s02"))
        return False

    monkeypatch.setattr(orchestrator, "orchestrated", broken)
    monkeypatch.setenv("KHETCHECK_WORKERS", "1")
    inbox, home = inboxes.make(tmp_path / "inbox", 3), tmp_path / "home"
    screened = CliRunner().invoke(app, ["screen", str(inbox), "--home", str(home), "--quick"])
    assert screened.exit_code == 0, screened.output
    assert "ร่างใหม่ 3 ชุด" in screened.output
    (batch,) = batches(home)
    assert batch.totals == {"drafted": 3, "unchanged": 0, "failed": 0}
    with contextlib.closing(Store.at(home)) as store, store.reading() as session:
        assert session.scalar(select(func.count()).select_from(DraftRow)) == 3
        assert session.scalar(select(func.count()).select_from(BatchItem)) == 3


def batches(home: Path) -> list[Batch]:
    """All batches of a home, oldest first."""
    with contextlib.closing(Store.at(home)) as store, store.reading() as session:
        return list(session.scalars(select(Batch).order_by(Batch.id)))


def test_prefect_that_cannot_start_stops_no_batch(tmp_path: Path) -> None:
    inboxes.make(tmp_path / "inbox", 1)
    screened = run(
        "screen",
        tmp_path / "inbox",
        "--home",
        tmp_path / "home",
        "--quick",
        PREFECT_API_URL="http://127.0.0.1:9/api",
    )
    assert screened.returncode == 0, screened.stderr
    assert "ร่างใหม่ 1 ชุด" in screened.stdout and "Prefect" in screened.stderr


@pytest.mark.parametrize("count", [0, 1, MOST_TASKS, MOST_TASKS + 1, 100_000])
def test_a_large_batch_is_cut_into_chunks(count: int) -> None:
    names = [f"s{number}" for number in range(count)]
    chunks = chunked(names)
    assert [name for chunk in chunks for name in chunk] == names
    assert len(chunks) <= MOST_TASKS


def test_only_runs_that_are_shown_as_running_are_called_crashed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flow that failed by itself has said why; the next run must not put "killed" over it."""
    module = killed
    states = {uuid4(): Failed(message="TypeError"), uuid4(): Running(), uuid4(): Completed()}
    crashed: list[UUID] = []

    class Client:
        def read_flow_run(self, flow_run: UUID) -> Any:
            return SimpleNamespace(state=states[flow_run])

        def set_flow_run_state(self, flow_run: UUID, state: State, force: bool) -> None:
            assert state.is_crashed() and force
            crashed.append(flow_run)

    monkeypatch.setattr(module, "get_client", lambda sync_client: contextlib.nullcontext(Client()))
    module.close_killed([str(number) for number in states])
    assert [states[number].type for number in crashed] == [StateType.RUNNING]
