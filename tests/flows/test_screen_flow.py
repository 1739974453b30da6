"""The orchestrated way: the same drafts as the direct one, its data inside the home, and silence on the screen."""

from pathlib import Path

import pytest

from flows.screen import MOST_TASKS, chunked
from tests import inboxes
from tests.flows.commands import run


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
