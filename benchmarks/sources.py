"""Sources that fail: are 500 files pulled over S3, SFTP and HTTP whole, once, and without a secret left anywhere?

    python -m benchmarks.sources --files 500 --rate 0.15 --seed 1

Each server is a process of its own on 127.0.0.1. It breaks connections off, sends half of a file, refuses with a 500, and
replaces some files while they are sent. ``khetcheck sources pull`` is run over it twice; then every digest is compared with
what the server holds at the end, the server's log tells what was sent how often, and home and output are searched for the
password. Ends with 1 where anything was wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sqlalchemy import select

from pipeline.intake.files import LocalFiles
from pipeline.store.database import Store
from pipeline.store.tables import SourceFile
from tests.faulty_servers.faults import other_content
from tests.faulty_servers.objects import KEY, SECRET
from tests.faulty_servers.web import PASSWORD, USER
from tests.flows.commands import ROOT, run

EACH = 4
"""Files of one submission."""
REPLACED = 10


@dataclass(frozen=True)
class Server:
    """A server's process, the source that names it, and what opens it."""

    kind: str
    yaml: str
    login: dict[str, str]
    secret: str


@dataclass
class Told:
    """What a run came to."""

    seconds: float
    output: str
    status: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--rate", type=float, default=0.15, help="share of answers that fail")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=["web", "sftp", "s3"])
    asked = parser.parse_args()
    faults: list[str] = []
    for kind in [asked.only] if asked.only else ["s3", "sftp", "web"]:
        with tempfile.TemporaryDirectory(prefix=f"khetcheck-{kind}-") as folder:
            faults += [f"{kind}: {one}" for one in _tried(kind, Path(folder), asked)]
    print("\n".join(faults) or "nothing wrong")
    sys.exit(1 if faults else 0)


def _tried(kind: str, room: Path, asked: argparse.Namespace) -> list[str]:
    inbox, home, log = room / "in", room / "home", room / "log.jsonl"
    names = _made(inbox, asked.files, random.Random(asked.seed))
    replaced = names[:: max(1, len(names) // REPLACED)][:REPLACED]
    contents = {path.name: path.read_bytes() for path in inbox.rglob("*.pdf")}
    expected = {
        name: hashlib.sha256(other_content(content) if name in replaced else content).hexdigest()
        for name, content in contents.items()
    }
    home.mkdir()
    with _serving(kind, inbox, log, asked, replaced) as server:
        (home / "sources.yaml").write_text(f"sources:\n  source: {server.yaml}\n", "utf-8")
        first = _pull(home, server)
        sent = _lines(log)
        second = _pull(home, server)
        again = _lines(log)[len(sent) :]
    whole = Counter(one["file"] for one in sent if not one["fault"])
    failed = Counter(one["fault"] for one in sent if one["fault"])
    needed = sum(
        len(other_content(contents[name])) if name in replaced else len(contents[name]) for name in contents
    )
    print(
        f"{kind}: {len(names)} files, {needed / 1e6:.1f} MB; faults {dict(failed)}, {len(replaced)} replaced meanwhile; "
        f"sent {sum(one['sent'] for one in sent) / needed:.2f} times what was needed; {first.seconds:.1f} s, "
        f"second run {second.seconds:.1f} s, {len(again)} files sent",
        flush=True,
    )
    wrong = (
        [f"exit status {first.status}, {second.status}: {first.output[-500:]}"]
        if first.status or second.status
        else []
    )
    wrong += [f"{name} differs" for name, digest in _stored(home).items() if expected.get(name) != digest]
    if (count := len(_stored(home))) != len(names):
        wrong.append(f"{count} files are stored")
    # an object store's client asks again by itself, and gets the new file's bytes in answer to a question after the old one
    allowed = {name: 2 if name in replaced else 1 for name in names}
    wrong += [
        f"{name} was sent whole {count} times" for name, count in whole.items() if count > allowed[name]
    ]
    wrong += [f"{one['file']} was sent in the second run" for one in again]
    wrong += [f"{path.relative_to(room)} holds the secret" for path in _holding(home, server.secret)]
    if server.secret in first.output + second.output:
        wrong.append("the output holds the secret")
    if list((home / "files").glob("*-*")):
        wrong.append("something half-copied was left")
    return wrong


def _made(inbox: Path, count: int, chance: random.Random) -> list[str]:
    names = []
    for number in range(count):
        folder = inbox / f"เขต {number // EACH + 1:03}"
        folder.mkdir(parents=True, exist_ok=True)
        name = f"เอกสาร {number + 1:04}.pdf"
        (folder / name).write_bytes(
            b"%PDF-1.7\n" + chance.randbytes(chance.randint(1_000, 60_000)) + b"%%EOF"
        )
        names.append(name)
    return names


@contextlib.contextmanager
def _serving(
    kind: str, inbox: Path, log: Path, asked: argparse.Namespace, replaced: list[str]
) -> Iterator[Server]:
    told = ["--seed", str(asked.seed), "--rate", str(asked.rate), "--log", str(log), "--replaced", *replaced]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faulty_servers", kind, str(inbox), *told],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None and process.stdin is not None
        port = int(process.stdout.readline())
        login = {"KHETCHECK_SOURCE_SOURCE__USERNAME": USER, "KHETCHECK_SOURCE_SOURCE__PASSWORD": PASSWORD}
        if kind == "s3":
            keys = {"KHETCHECK_SOURCE_SOURCE__KEY": KEY, "KHETCHECK_SOURCE_SOURCE__SECRET": SECRET}
            options = f"options: {{endpoint_url: 'http://127.0.0.1:{port}'}}"
            yield Server(kind, f"{{kind: s3, url: 's3://inbox', {options}, tries: 8}}", keys, SECRET)
        elif kind == "sftp":
            yield Server(kind, f"{{kind: sftp, url: 'sftp://127.0.0.1:{port}/', tries: 8}}", login, PASSWORD)
        else:
            yield Server(kind, f"{{kind: http, url: 'http://127.0.0.1:{port}', tries: 8}}", login, PASSWORD)
        process.stdin.close()


def _pull(home: Path, server: Server) -> Told:
    started = time.monotonic()
    done = run("sources", "pull", "source", "--home", home, "--lang", "en", **server.login)
    return Told(time.monotonic() - started, done.stdout + done.stderr, done.returncode)


def _lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []


def _stored(home: Path) -> dict[str, str]:
    """What is stored of each file: the digest of the bytes that lie there, not of what the store says."""
    files = LocalFiles(home / "files")
    with contextlib.closing(Store.at(home)) as store, store.reading() as session:
        rows = session.execute(select(SourceFile.url, SourceFile.sha256)).all()
    return {
        unquote(url.rpartition("/")[2]): hashlib.sha256(files.path(sha256).read_bytes()).hexdigest()
        for url, sha256 in rows
    }


def _holding(home: Path, word: str) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file() and word.encode() in path.read_bytes()]


if __name__ == "__main__":
    main()
