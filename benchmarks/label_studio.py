"""Tasks through the real Label Studio: what goes in comes out again with the same decisions.

    python -m benchmarks.label_studio --python PATH [--port N]

PATH is the Python of an environment of its own with the package ``label-studio`` (1.23.2); it has too many requirements to stand
beside ours. The program is started with an empty folder on 127.0.0.1, a project is made with our interface, tasks with
predictions and annotations are imported, and its JSON export is read as ``khetcheck import`` reads it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from pipeline.annotation import label_studio, label_studio_answers
from pipeline.annotation.annotated import Annotated, Said
from pipeline.annotation.label_studio_config import interface
from pipeline.annotation.returned import Returned
from rubric import load_rubric
from tests.pipeline.annotation.test_round_trip import RUBRIC, annotated, decisions, filled

Comparable = tuple[Any, ...]
TOKEN = "0123456789abcdef0123456789abcdef01234567"


def main() -> None:
    """Start, send, fetch, compare, stop."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.label_studio", description=__doc__)
    parser.add_argument("--python", type=Path, required=True)
    parser.add_argument("--port", type=int, default=8987)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sent = tasks(Path(folder) / "home")
        program = start(arguments.python, arguments.port, Path(folder) / "studio")
        try:
            came = through(f"http://127.0.0.1:{arguments.port}", sent)
        finally:
            program.terminate()
            program.wait(30)
        ours, theirs = (
            read(Path(folder) / name, those) for name, those in (("a.json", sent), ("b.json", came))
        )
    same = ours == theirs
    marks = sum(len(one[-1]) for one in theirs)
    print(f"tasks sent {len(sent)}  came back {len(came)}  decisions on passages {marks}  the same: {same}")
    raise SystemExit(0 if same and marks else 1)


def tasks(home: Path) -> list[dict[str, Any]]:
    """Tasks of a made-up submission with a reader's decisions of every kind, emoji in text and notes."""
    store = filled(home)
    one = annotated(store)
    store.close()
    return label_studio.tasks_of(_with(one, decisions(one)))


def _with(one: Annotated, said: Said) -> Annotated:
    return replace(one, readings=(said,))


def start(python: Path, port: int, folder: Path) -> subprocess.Popen[bytes]:
    """Start Label Studio on an empty folder and wait until it answers."""
    folder.mkdir()
    settings = {
        "LABEL_STUDIO_BASE_DATA_DIR": str(folder),
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "COLLECT_ANALYTICS": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "LATEST_VERSION_CHECK": "false",
    }
    program = subprocess.Popen(
        [
            *(python.with_name("label-studio"), "start", "--no-browser", "--port", str(port)),
            *("--username", "a@b.example", "--password", "only-for-this-test", "--user-token", TOKEN),
            *("--data-dir", str(folder)),
        ],
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 300
    while time.monotonic() < until and program.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health", timeout=5).status_code == 200:
                return program
        except httpx.HTTPError:
            time.sleep(2)
    program.kill()
    raise SystemExit("Label Studio did not start")


def through(address: str, sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Make a project, import, and return what it exports."""
    with httpx.Client(base_url=address, headers={"Authorization": f"Token {TOKEN}"}, timeout=120) as studio:
        project = studio.post(
            "/api/projects", json={"title": "khetcheck", "label_config": interface(load_rubric(RUBRIC.id))}
        ).raise_for_status()
        number = project.json()["id"]
        print(studio.post(f"/api/projects/{number}/import", json=sent).raise_for_status().json())
        exported = studio.get(
            f"/api/projects/{number}/export", params={"exportType": "JSON", "download_all_tasks": "true"}
        )
        made: list[dict[str, Any]] = exported.raise_for_status().json()
        return made


def read(path: Path, those: list[dict[str, Any]]) -> list[Comparable]:
    """Read tasks as the command does."""
    path.write_text(json.dumps(those), "utf-8")
    return [comparable(one) for one in label_studio_answers.read(path)]


def comparable(one: Returned) -> Comparable:
    """What came back of a submission, in an order of its own: an export may have another."""
    said = one.said
    return (
        one.submission, one.draft, sorted(one.files.items()), sorted(said.levels.items()), sorted(said.notes.items()),
        said.note, sorted(map(repr, said.marks)),
    )  # fmt: skip


if __name__ == "__main__":
    main()
