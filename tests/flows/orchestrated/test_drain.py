"""The flow ``drain``: processes that share one inbox, and deployments that any machine can run."""

import inspect
import json
import subprocess
import sys
import threading
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from flows.server import temporary_server
from pipeline.store.database import Store
from pipeline.store.tables import Batch, BatchItem, DraftRow, Submission
from tests import inboxes
from tests.flows.commands import ROOT, environment

DRAIN = """
import json, sys
from pathlib import Path
from flows.opening.prefect_surroundings import prepare_orchestrator

inbox, home = sys.argv[1:]
prepare_orchestrator(Path(home))
from flows.orchestrated.drain import drain

print(json.dumps(drain(inbox=inbox, home=home, quick=True)))
"""
COUNT = 40


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
        with temporary_server(300) as address:
            yield address


@pytest.mark.prefect
@pytest.mark.timeout(900)
def test_two_drains_share_an_inbox(tmp_path: Path, server: str) -> None:
    inbox, home = inboxes.make(tmp_path / "inbox", COUNT), tmp_path / "home"
    Store.at(home).close()
    words = [sys.executable, "-c", DRAIN, str(inbox), str(home)]
    told: list[subprocess.CompletedProcess[str]] = []

    def drain() -> None:
        told.append(
            subprocess.run(words, env=environment(PREFECT_API_URL=server), capture_output=True, text=True)
        )

    both = [threading.Thread(target=drain) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert [one.returncode for one in told] == [0, 0], told
    assert {json.loads(one.stdout)["drafted"] for one in told} == {COUNT}
    store = Store.at(home)
    with store.reading() as session:
        drafted = session.scalars(select(Submission.name).join(DraftRow)).all()
        assert sorted(drafted) == [f"s{number:02}" for number in range(1, COUNT + 1)]
        (batch,) = session.scalars(select(Batch)).all()
        shares = Counter(session.scalars(select(BatchItem.run_id)).all())
        assert batch.ended_at is not None and batch.totals["drafted"] == COUNT
        assert len(shares) == 2 and min(shares.values()) >= 1, shares
    store.close()


def deployed(server: str) -> list[dict[str, Any]]:
    query = urllib.request.Request(
        f"{server}/deployments/filter", b"{}", {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(query, timeout=60) as answer:
        return list(json.load(answer))


@pytest.mark.prefect
@pytest.mark.timeout(900)
def test_deployments_name_no_folder_of_this_machine(tmp_path: Path, server: str) -> None:
    from flows.orchestrated.drain import drain
    from flows.orchestrated.retrain import retrain
    from flows.orchestrated.screen import screen

    surroundings = environment(PREFECT_API_URL=server, PREFECT_HOME=str(tmp_path / "prefect"))
    prefect = [sys.executable, "-m", "prefect", "--no-prompt"]
    for words in (
        ["work-pool", "create", "khetcheck", "--type", "process"],
        ["deploy", "--all", "--prefect-file", str(ROOT / "prefect.yaml")],
    ):
        done = subprocess.run(
            [*prefect, *words], cwd=tmp_path, env=surroundings, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
    flows = {"screen": screen, "drain": drain, "retrain": retrain}
    found = {one["name"]: one for one in deployed(server)}
    assert set(found) == set(flows)
    for name, one in found.items():
        assert one["entrypoint"] == f"flows.orchestrated.{name}.{name}" and not one["pull_steps"]
        assert not one["path"] or not Path(one["path"]).is_absolute()
        assert str(tmp_path) not in json.dumps(one) and str(ROOT) not in json.dumps(one)
        assert one["tags"] == ["khetcheck"] and one["work_pool_name"] == "khetcheck"
        known = inspect.signature(flows[name].fn).parameters
        assert set(one["parameters"]) <= set(known)
        assert set(one["parameter_openapi_schema"]["properties"]) == set(known)
