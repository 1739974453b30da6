"""The orchestrated way: the same drafts as the direct one, its data inside the home, and silence on the screen."""

import contextlib
import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from flows import orchestrator
from flows.cli import app
from flows.screen import MOST_TASKS, chunked
from flows.server import temporary_server
from pipeline.batches.batch import BatchRun
from pipeline.store.database import Store
from pipeline.store.tables import Batch, BatchItem, DraftRow
from tests import inboxes
from tests.flows.commands import environment, run


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
from flows.orchestrator import prepare_orchestrator

inbox, home = sys.argv[1:]
prepare_orchestrator(Path(home))
from flows.screen import screen

first = screen(inbox=inbox, home=home, quick=True, limit=2)
heard = []
rest = screen(inbox=inbox, home=home, quick=True, on_item=lambda item: heard.append(item.submission))
print(json.dumps([first, rest, heard]))
"""


@pytest.mark.prefect
def test_the_flow_works_from_its_parameters_alone(tmp_path: Path, server: str) -> None:
    """As a worker of Prefect runs it: in a process that knows neither command line nor open batch."""
    inbox, home = inboxes.make(tmp_path / "inbox", 3), tmp_path / "home"
    done = subprocess.run(
        [sys.executable, "-c", FLOW, inbox, home],
        env=environment(PREFECT_API_URL=server),
        capture_output=True,
        text=True,
        check=True,
    )
    first, rest, heard = json.loads(done.stdout)
    assert first == {"drafted": 2, "unchanged": 0, "failed": 0}
    assert rest == {"drafted": 1, "unchanged": 2, "failed": 0} and heard == ["s03"]
    assert [batch.totals["drafted"] for batch in batches(home)] == [2, 1]


@pytest.mark.prefect
def test_the_address_of_the_database_is_not_shown_by_prefect(tmp_path: Path, server: str) -> None:
    inbox, home = inboxes.make(tmp_path / "inbox", 1), tmp_path / "home"
    database = f"sqlite:///{(tmp_path / 'elsewhere.sqlite3').as_posix()}"
    screened = run("--home", home, "--store", database, "screen", inbox, "--quick", PREFECT_API_URL=server)
    assert (screened.returncode, screened.stderr) == (0, "")
    query = urllib.request.Request(f"{server}/flow_runs/filter", b"{}", {"Content-Type": "application/json"})
    with urllib.request.urlopen(query, timeout=60) as answer:
        (parameters,) = (
            run["parameters"] for run in json.load(answer) if run["parameters"]["inbox"] == str(inbox)
        )
    assert parameters["batch"] == 1 and "elsewhere" not in str(parameters)
    assert not (home / "khetcheck.sqlite3").exists()


def test_where_prefect_breaks_off_the_same_batch_is_screened_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(batch_run: BatchRun, limit: int | None, workers: int, on_item: Callable[[Any], None]) -> bool:
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
