"""The flow ``retrain``: registered with its schedules, and at rest where there is no cause."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.flows.commands import run


def test_a_schedule_without_a_server_says_what_to_do(tmp_path: Path) -> None:
    told = run("retrain", "--serve", "--home", tmp_path)
    assert told.returncode == 2 and "PREFECT_API_URL" in told.stderr


def test_a_time_that_is_none_is_refused(tmp_path: Path) -> None:
    told = run("retrain", "--serve", "--at", "25:99", "--home", tmp_path)
    assert told.returncode == 2 and "25:99" in told.stderr


@pytest.mark.prefect
def test_both_deployments_are_registered_and_a_run_without_a_cause_rests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.orchestrated.retrain import deployments, retrain
    from flows.server import temporary_server
    from flows.settings import Settings

    def registered_and_run(address: str) -> None:
        # Set as a setting: another test file may have imported Prefect, which reads the environment then only.
        with temporary_settings({PREFECT_API_URL: address}):
            settings = Settings(home=tmp_path, store="postgresql+psycopg://u:secret@db/khetcheck")
            for one in deployments(settings, dt.time(3, 30)):
                one.apply()
            with get_client(sync_client=True) as client:
                assert str(client.api_url).rstrip("/") == address
                nightly = client.read_deployment_by_name("retrain/nightly")
                by_count = client.read_deployment_by_name("retrain/by-count")
            assert nightly.schedules[0].schedule.cron == "30 3 * * *"
            assert nightly.schedules[0].schedule.timezone == "Asia/Bangkok"
            assert nightly.parameters == {"home": str(tmp_path), "trigger": "schedule"}
            assert nightly.entrypoint == "flows.orchestrated.retrain.retrain"
            assert by_count.parameters["trigger"] == "count"
            assert by_count.schedules[0].schedule.interval == dt.timedelta(minutes=15)
            assert retrain(home=str(tmp_path), trigger="count") == {"state": "no_cause", "model": ""}

    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    # In a thread: after tests with a browser an event loop stands in the main one, and Prefect would wait for it.
    with temporary_server(300) as address, ThreadPoolExecutor(1) as thread:
        thread.submit(registered_and_run, address).result()
