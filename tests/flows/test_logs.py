"""With KHETCHECK_LOG=json every line on standard error is one JSON object, with its level, and without passwords."""

import json
import logging
import signal
import socket
import sys
import time
from pathlib import Path

import httpx
import pytest

from flows.machine_logs.json_lines import JsonLines
from tests import inboxes
from tests.flows.commands import run, start


def lines(words: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in words.splitlines()]


def test_a_run_tells_each_submission_in_a_line(tmp_path: Path) -> None:
    inbox = inboxes.make(tmp_path / "inbox", 1)
    (inbox / "s02").mkdir()
    (inbox / "s02" / "plan.pdf").write_bytes(b"%PDF-1.7\nbroken")
    done = run("screen", inbox, "--direct", "--quick", "--home", tmp_path / "home", KHETCHECK_LOG="json")
    told = {line["submission"]: line for line in lines(done.stderr) if line["message"] == "submission"}
    assert told["s01"]["level"] == "info" and told["s01"]["outcome"] == "drafted" and told["s01"]["seconds"]
    assert told["s02"]["level"] == "warning" and told["s02"]["reason_th"]
    assert "s01" in done.stdout  # results stay where they are


def test_errors_are_lines_too_and_hold_no_password(tmp_path: Path) -> None:
    away = "postgresql+psycopg://bob:SECRETPW@127.0.0.1:1/x"
    done = run("status", "--store", away, "--home", tmp_path, KHETCHECK_LOG="json")
    (told,) = lines(done.stderr)
    assert (
        done.returncode in {2, 3}
        and told["level"] == "error"
        and told["th"]
        and "SECRETPW" not in done.stderr
    )


def test_passwords_are_struck_out_wherever_they_stand() -> None:
    words = "sftp://bob:SECRETPW@host/x and s3://key:SECRETPW@bucket"
    record = logging.LogRecord("any", logging.WARNING, "", 0, "pulling %s", (words,), None)
    record.fields = {"inbox": words}
    try:
        raise OSError(words)
    except OSError:
        record.exc_info = sys.exc_info()
    line = JsonLines().format(record)
    assert "SECRETPW" not in line and "sftp://bob@host/x" in json.loads(line)["message"] and "\n" not in line


def test_the_page_logs_requests_without_what_was_searched_for(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    page = start("review", "--port", port, "--home", tmp_path, KHETCHECK_LOG="json")
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                assert httpx.get(f"http://127.0.0.1:{port}/healthz?q=SECRET", timeout=5).status_code == 200
                break
            except httpx.TransportError:
                assert page.poll() is None
                time.sleep(0.2)
        else:
            pytest.fail("the page never answered")
    finally:
        page.send_signal(signal.SIGINT)
        _, told = page.communicate(timeout=60)
    requests = [line for line in lines(told) if line.get("message") == "request"]
    assert requests[-1]["path"] == "/healthz" and requests[-1]["status"] == 200 and "SECRET" not in told


def test_a_wrong_word_is_told(tmp_path: Path) -> None:
    done = run("status", "--home", tmp_path, KHETCHECK_LOG="yaml")
    assert done.returncode == 2 and "KHETCHECK_LOG" in done.stderr
