"""PostgreSQL's own programs for copies, ``pg_dump`` and ``pg_restore``: found, held against the server's version, run.

A password goes by the environment and never stands in the list of processes.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from sqlalchemy.engine import URL

from rubric.exceptions import ProgramError
from rubric.language import Bilingual

Program = Literal["pg_dump", "pg_restore"]
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
_PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "SYSTEMROOT",
    "TMPDIR",
    "PGPASSFILE",
    "PGSERVICEFILE",
    "PGSSLROOTCERT",
)
LAST_LINES = 3


def find_postgres_program(name: Program, server: int) -> Path:
    """Return the path of a program that is at least as new as the server.

    Args:
        server: the server's major version.

    Raises:
        ProgramError: it is not installed, or older than the server, which it then refuses to copy.
    """
    places = [place for pattern in PLACES for place in Path("/").glob(pattern.lstrip("/"))]
    on_path = shutil.which(name)
    candidates = [Path(on_path)] if on_path else []
    candidates += [place / name for place in places if (place / name).is_file()]
    known = sorted(((_major(path), path) for path in candidates), key=lambda one: one[0])
    fitting = [path for major, path in known if major >= server]
    if fitting:
        return fitting[0]
    if not known:
        raise ProgramError(
            Bilingual(
                f"ไม่พบโปรแกรม {name} ของ PostgreSQL", f"PostgreSQL's program {name} is not installed here."
            ),
            _install(server),
        )
    raise ProgramError(
        Bilingual(
            f"{name} เป็นรุ่น {known[-1][0]} เก่ากว่าเซิร์ฟเวอร์ PostgreSQL ({server}) จึงใช้ไม่ได้",
            f"{name} is of version {known[-1][0]}, older than the PostgreSQL server ({server}), and refuses to work with it.",
        ),
        _install(server),
    )


def dump(url: URL, server: int, schema: str, target: Path, snapshot: str = "") -> None:
    """Write a schema's tables to one file in PostgreSQL's own form, as they stand at ``snapshot`` where one is named.

    Raises:
        ProgramError: the program is missing, too old, or failed.
    """
    as_of = [f"--snapshot={snapshot}"] if snapshot else []
    program = find_postgres_program("pg_dump", server)
    _run(
        url,
        [
            *(str(program), "--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=300000"),
            *(f"--schema={_quoted(schema)}", f"--file={target}", *as_of, f"--dbname={_address(url)}"),
        ],
    )


def restore_dump(url: URL, server: int, source: Path, listed: Path) -> None:
    """Bring back what :func:`dump` wrote, all or nothing; the schema itself must be there.

    Args:
        listed: a file to write the list of contents to.

    Raises:
        ProgramError: the program is missing, too old, or failed.
    """
    program = str(find_postgres_program("pg_restore", server))
    contents = _run(url, [program, "--list", str(source)])
    listed.write_text(
        "".join(f"{line}\n" for line in contents.splitlines() if " SCHEMA - " not in line), "utf-8"
    )
    _run(
        url,
        [
            *(program, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"),
            *(f"--use-list={listed}", f"--dbname={_address(url)}", str(source)),
        ],
    )


def _run(url: URL, command: Sequence[str]) -> str:
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    if url.password is not None:
        environment["PGPASSWORD"] = str(url.password)
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
        check=False,
    )
    if done.returncode != 0:
        name = Path(command[0]).name
        why = " ".join(done.stderr.strip().splitlines()[-LAST_LINES:])
        raise ProgramError(
            Bilingual(f"{name} ทำไม่สำเร็จ: {why}", f"{name} failed: {why}"),
            Bilingual(
                "ตรวจสอบที่อยู่ฐานข้อมูล สิทธิ์ของผู้ใช้ และพื้นที่ดิสก์ แล้วสั่งอีกครั้ง",
                "Check the database's address, its user's rights and the disk space, then run it again.",
            ),
        )
    return done.stdout


def _address(url: URL) -> str:
    """Return the address in PostgreSQL's own words, without the password."""
    from psycopg.conninfo import make_conninfo  # slow to import, and SQLite does without

    parts = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
    asked = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    given: dict[str, Any] = {name: value for name, value in {**parts, **asked}.items() if value is not None}
    return make_conninfo(**given)


def _quoted(schema: str) -> str:
    """Name a schema so that none of its letters is taken for a pattern."""
    return '"' + schema.replace('"', '""') + '"'


def _major(program: Path) -> int:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)", told)
    return int(found[1]) if found else 0


def _install(server: int) -> Bilingual:
    return Bilingual(
        f"ติดตั้ง: apt-get install postgresql-client-{server} (หรือใหม่กว่า)",
        f"Install it: apt-get install postgresql-client-{server} (or newer).",
    )
