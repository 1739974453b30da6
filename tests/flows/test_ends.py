"""Ends that end: signals, a taken port, an unwritable home and a proxy, as somebody at the terminal meets them."""

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import typer
from sqlalchemy import select

from flows import cli
from flows.context import settings_of
from pipeline.store.database import Store
from pipeline.store.tables import Batch
from tests import inboxes
from tests.flows.commands import run, start
from tests.flows.test_crash import descendants, drafted, gone

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="counts processes by Linux's own list")
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int, process: subprocess.Popen[str]) -> bool:
    while process.poll() is None:
        try:
            return DIRECT.open(f"http://127.0.0.1:{port}/login", timeout=60).status == 200
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


@ON_LINUX
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_review_page_that_is_ended_leaves_no_process(tmp_path: Path, ending: signal.Signals) -> None:
    port = free_port()
    process = start("review", "--home", tmp_path, "--port", port, "--lang", "en")
    assert answers(port, process), process.communicate()
    below = descendants(process.pid)
    process.send_signal(ending)
    _, told = process.communicate(timeout=120)
    assert process.returncode == (-ending if ending == signal.SIGKILL else 0)
    assert gone(below) and f"http://127.0.0.1:{port}" in told and "Traceback" not in told


@ON_LINUX
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_batch_that_is_told_to_end_closes_itself(tmp_path: Path, ending: signal.Signals) -> None:
    inbox, home = inboxes.make(tmp_path / "inbox", 12), tmp_path / "home"
    process = start("screen", inbox, "--home", home, "--direct", "--quick", "--lang", "en")
    while drafted(home) < 1 and process.poll() is None:
        time.sleep(0.02)
    below = descendants(process.pid)
    process.send_signal(ending)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 128 + ending and "same command" in told and "Traceback" not in told
    assert gone(below)
    store = Store.at(home)
    with store.reading() as session:
        batch = session.scalars(select(Batch)).one()
        assert batch.ended_at is not None and batch.totals["interrupted"] == 1 and not batch.totals["failed"]
    store.close()


def test_a_taken_port_is_told_before_anything_else(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = run("review", "--home", tmp_path, "--port", port)
    assert told.returncode == 3 and str(port) in told.stderr
    assert "เปิดอยู่ที่" not in told.stderr and "Errno" not in told.stderr


@ON_LINUX
def test_a_home_that_cannot_be_written_is_told_with_a_remedy(tmp_path: Path) -> None:
    told = run("status", "--home", "/proc/no-such-home", HOME=str(tmp_path))
    assert told.returncode == 3 and "/proc/no-such-home" in told.stderr and "--home" in told.stderr
    assert "โปรแกรม (" not in told.stderr and not (tmp_path / ".khetcheck").exists()


def test_details_of_a_defect_go_to_the_home_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    small = typer.Typer()

    @small.command()
    def look(context: typer.Context) -> None:
        context.obj = {"home": tmp_path}
        settings_of(context)
        raise ValueError("SELECT secret")

    monkeypatch.setattr(cli, "app", small)
    monkeypatch.setattr(cli, "heed_signals", lambda: None)
    monkeypatch.setattr(sys, "argv", ["khetcheck"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1 and "SELECT secret" in (tmp_path / "errors.log").read_text("utf-8")


def test_a_full_disk_is_no_defect(tmp_path: Path) -> None:
    assert cli._tell_fault(OSError(28, "No space left on device", str(tmp_path / "x"))) == 3


@pytest.mark.parametrize(
    ("arguments", "thai", "english"),
    [
        (["screen"], "ขาดข้อมูลที่ต้องระบุ: inbox", "Missing argument 'inbox'"),
        (["review", "--port", "x"], "--port ใช้ไม่ได้: ต้องเป็นจำนวนเต็ม", "valid integer"),
        (["review", "--prot", "1"], "ไม่มีตัวเลือก --prot (ที่มีคือ --host, --port)", "No such option"),
        (["urgnt"], "ไม่มีคำสั่ง 'urgnt' หมายถึง 'urgent' หรือไม่", "Did you mean 'urgent'"),
        (["screen", "a", "b"], "มีข้อมูลเกินมา: b", "unexpected extra"),
    ],
)
def test_usage_is_told_in_the_language_chosen(arguments: list[str], thai: str, english: str) -> None:
    for language, words in (("th", thai), ("en", english)):
        told = run("--lang", language, *arguments)
        assert told.returncode == 2 and words in told.stderr and not told.stdout
    help_page = run(*arguments[:1], "--help") if arguments[0] != "urgnt" else run()
    assert "ตัวเลือก" in help_page.stdout + help_page.stderr
    assert "Show this message" not in help_page.stdout + help_page.stderr


def test_the_version_is_told() -> None:
    assert run("--version").stdout.startswith("khetcheck ")


def test_a_wrong_name_is_refused_before_a_password_is_asked_for(tmp_path: Path) -> None:
    told = run("users", "add", "", "--home", tmp_path, "--lang", "en")
    assert told.returncode == 2 and "cannot be used" in told.stderr and "Password" not in told.stdout


def test_a_first_batch_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    inbox = inboxes.make(tmp_path / "inbox", 1)
    run("screen", inbox, "--home", tmp_path / "home", "--direct", "--quick")
    told = run("drift", "--home", tmp_path / "home", "--lang", "en")
    assert told.returncode == 0 and "nothing to compare" in told.stdout and "%" not in told.stdout


@pytest.mark.prefect
def test_a_proxy_does_not_come_between_us_and_our_own_server(tmp_path: Path) -> None:
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY"), "http://127.0.0.1:9")
    inbox = inboxes.make(tmp_path / "inbox", 1)
    told = run("screen", inbox, "--home", tmp_path / "home", "--quick", "--lang", "en", **proxies)
    assert told.returncode == 0 and "could not start" not in told.stderr
    assert not (tmp_path / "home" / "errors.log").exists()


STUCK = """
import sys, time
from pathlib import Path
from flows import ending

ending.GRACE_SECONDS, ending.LAST_WORDS_SECONDS = 0.2, 1.0
ending.heed_signals()

def hang():
    time.sleep(60)

with ending.ended_by_signals(lambda: None, hang), ending.ended_by_signals(lambda: None, Path(sys.argv[1]).touch):
    try:
        print("ready", flush=True)
        time.sleep(60)
    except ending.Ended:
        time.sleep(60)
"""


def test_what_must_not_stay_open_is_closed_also_where_the_process_has_to_be_ended_from_outside(
    tmp_path: Path,
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", STUCK, tmp_path / "closed"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM and (tmp_path / "closed").exists()
