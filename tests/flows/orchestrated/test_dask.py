"""An existing Dask cluster carries out ``screen``: the same drafts; where it cannot, a sentence says what to do."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from flows.server import temporary_server
from pipeline.store.database import Store
from pipeline.store.tables import Batch, BatchItem, Run
from tests import inboxes
from tests.flows.commands import environment, run

pytest.importorskip("prefect_dask")

CLUSTER = """
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster("127.0.0.1", n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        input()
"""


@contextlib.contextmanager
def cluster(tmp_path: Path, **given: str) -> Iterator[str]:
    """A cluster of two workers, in processes of its own, that knows nothing of any home or database."""
    script = tmp_path / "cluster.py"
    script.write_text(CLUSTER, "utf-8")
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(**given),
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        yield process.stdout.readline().strip().replace("tcp://", "dask://")
    finally:
        process.communicate("\n", timeout=120)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
        with temporary_server(300) as address:
            yield address


@pytest.mark.prefect
@pytest.mark.timeout(900)
def test_a_cluster_writes_the_same_drafts(tmp_path: Path, server: str) -> None:
    inbox = inboxes.make(tmp_path / "inbox", 6)
    direct = run("screen", inbox, "--home", tmp_path / "a", "--quick", "--direct")
    assert direct.returncode == 0, direct.stderr
    with cluster(tmp_path, DASK_DISTRIBUTED__WORKER__DAEMON="False") as address:
        screened = run(
            *("screen", inbox, "--home", tmp_path / "b", "--quick", "--runner", address),
            PREFECT_API_URL=server,
        )
    assert screened.returncode == 0 and "ร่างใหม่ 6 ชุด" in screened.stdout, screened.stderr
    assert "Prefect" not in screened.stderr and not (tmp_path / "b" / "errors.log").exists()
    for name in ("a", "b"):
        run("export", "--out", tmp_path / f"{name}.json", "--home", tmp_path / name)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    with contextlib.closing(Store.at(tmp_path / "b")) as store, store.reading() as session:
        (batch,) = session.scalars(select(Batch)).all()
        assert batch.ended_at is not None and batch.flow_run
        own = session.scalars(select(Run.id).where(Run.flow_run.is_not(None))).all()
        assert not set(session.scalars(select(BatchItem.run_id))) & set(own), "not done by the cluster"


@pytest.mark.prefect
@pytest.mark.timeout(600)
def test_workers_that_may_start_no_process_are_told_of(tmp_path: Path, server: str) -> None:
    inbox = inboxes.make(tmp_path / "inbox", 1)
    with cluster(tmp_path) as address:
        screened = run(
            *("screen", inbox, "--home", tmp_path / "home", "--quick", "--runner", address, "--lang", "en"),
            PREFECT_API_URL=server,
        )
    assert screened.returncode == 3 and "--no-nanny" in screened.stderr
    assert "Traceback" not in screened.stderr


@pytest.mark.parametrize("runner", ["dask://", "ray://host:1", "host:8786"])
def test_a_runner_that_is_none_is_told(tmp_path: Path, runner: str) -> None:
    screened = run(
        "screen",
        inboxes.make(tmp_path / "in", 1),
        "--home",
        tmp_path / "h",
        "--runner",
        runner,
        "--lang",
        "en",
    )
    assert screened.returncode == 2 and "dask://host:8786" in screened.stderr
