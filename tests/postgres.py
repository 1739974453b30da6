"""A PostgreSQL to test with: the one that answers on this machine, else a cluster of the tests' own."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL

RUNNING = URL.create("postgresql+psycopg", "postgres", host="127.0.0.1", port=5432, database="test")


def server() -> Generator[URL | None, None, None]:
    """Yield the address of a server, None where there is none and none can be started."""
    if (address := os.environ.get("KHETCHECK_TEST_POSTGRES")) is not None:
        from sqlalchemy.engine import make_url

        yield make_url(address)
    elif _answers(RUNNING):
        yield RUNNING
    elif (binaries := _binaries()) is not None:
        with _cluster(binaries) as cluster:
            yield cluster.url
    else:
        yield None


@contextlib.contextmanager
def fresh_schema(url: URL) -> Iterator[str]:
    """Yield the address of an empty schema of its own, removed afterwards."""
    name = f"khetcheck_{uuid.uuid4().hex[:12]}"
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{name}"')
    try:
        yield url.update_query_dict({"options": f"-csearch_path={name}"}).render_as_string(
            hide_password=False
        )
    finally:  # by another connection: the server may have been restarted meanwhile
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f'DROP SCHEMA "{name}" CASCADE')


def _answers(url: URL) -> bool:
    try:
        with psycopg.connect(
            url.set(drivername="postgresql").render_as_string(hide_password=False), connect_timeout=2
        ):
            return True
    except psycopg.Error:
        return False


def _binaries() -> Path | None:
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL of one's own, which may be restarted as roughly as one likes."""

    url: URL
    restart: Callable[[], None]


@contextlib.contextmanager
def own_cluster() -> Iterator[Cluster | None]:
    """Yield a cluster of one's own, None where PostgreSQL is not installed."""
    binaries = _binaries()
    if binaries is None:
        yield None
        return
    with _cluster(binaries) as cluster:
        yield cluster


@contextlib.contextmanager
def _cluster(binaries: Path) -> Iterator[Cluster]:
    """A cluster in a temporary folder; PostgreSQL refuses to run as root, so it runs as its own user there."""
    as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="khetcheck-pg-") as folder:
        if as_owner:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data = f"{folder}/data"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]

        def run(*command: str) -> None:
            subprocess.run([*as_owner, *command], check=True, capture_output=True, cwd=folder)

        run(
            f"{binaries}/initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
        run(f"{binaries}/pg_ctl", "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start")

        def restart() -> None:
            control = f"{binaries}/pg_ctl"
            run(control, "-D", data, "-o", options, "-l", f"{folder}/log", "-m", "immediate", "-w", "restart")

        try:
            yield Cluster(
                URL.create(
                    "postgresql+psycopg", "postgres", host="127.0.0.1", port=port, database="postgres"
                ),
                restart,
            )
        finally:
            run(f"{binaries}/pg_ctl", "-D", data, "-m", "immediate", "stop")
