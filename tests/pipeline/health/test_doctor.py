"""Faults planted one by one in an installation: the doctor finds each, names it and says what helps."""

import contextlib
import datetime as dt
import http.server
import json
import shutil
import threading
from collections import namedtuple
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text, update

from models.registry.registry import BUNDLED
from pipeline.export.letters import letter_file
from pipeline.health import installed_fonts, machine, versions
from pipeline.health.check import Check, Installation
from pipeline.health.examination import Look, examine, examine_file, exit_status
from pipeline.health.files_health import look_at_files
from pipeline.health.installed_fonts import look_at_fonts
from pipeline.health.machine import look_at_machine
from pipeline.health.model_health import look_at_model
from pipeline.health.orchestrator_health import look_at_orchestrator
from pipeline.health.programs import look_at_programs
from pipeline.health.tables_health import look_at_database
from pipeline.health.versions import look_at_versions
from pipeline.intake.kept_at import KeptAt
from pipeline.reading.limits import MIB, Limits
from pipeline.reading.ocr import tesseract
from pipeline.store.database import Store, migration_config
from pipeline.store.tables import Batch, Claim, Run, Submission
from tests.needs import needs_office, needs_tesseract

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def place(tmp_path: Path) -> Installation:
    """A home with an embedded store."""
    with contextlib.closing(Store.at(tmp_path)):
        return Installation(tmp_path)


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    """What Tesseract can is asked once a process."""
    tesseract.available.cache_clear()
    yield
    tesseract.available.cache_clear()


def found(look: Look, place: Installation, name: str) -> Check:
    """The check of this name; every fault says in both languages what it is and what helps."""
    checks = list(look(place))
    for one in checks:
        assert one.found.th and one.found.en
        assert one.state == "ok" or (one.remedy.th and one.remedy.en), one
    return next(one for one in checks if one.name == name)


def a_program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(0o755)


@needs_office
@needs_tesseract
def test_a_sound_installation_is_told_so_and_nothing_is_left_behind(place: Installation) -> None:
    before = sorted(place.home.rglob("*"))
    checks = list(examine(place))
    assert [one for one in checks if one.state == "fail"] == []
    assert exit_status(checks) == 0
    assert {
        "tesseract",
        "libreoffice",
        "database",
        "database_writable",
        "model",
        "clock",
        "disk",
        "prefect",
    } <= {one.name for one in checks}
    with contextlib.closing(Store.at(place.home)) as store, store.engine.connect() as connection:
        assert "khetcheck_doctor" not in str(connection.execute(text("SELECT name FROM sqlite_master")).all())
    assert sorted(path for path in place.home.rglob("*") if not path.name.endswith(("-wal", "-shm"))) == [
        path for path in before if not path.name.endswith(("-wal", "-shm"))
    ]


def test_no_tesseract(place: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    check = found(look_at_programs, place, "tesseract")
    assert check.state == "fail" and "tesseract-ocr-tha" in check.remedy.en
    assert exit_status([check]) == 1
    assert found(look_at_programs, replace(place, ocr=False), "tesseract").state == "ok"


@needs_tesseract
def test_tesseract_without_thai(place: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "tessdata").mkdir()
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path / "tessdata"))
    check = found(look_at_programs, place, "tesseract")
    assert check.state == "fail" and "TESSDATA_PREFIX" in check.remedy.th


def test_a_tesseract_that_reads_something_else(
    place: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = "level page_num block_num par_num line_num word_num left top width height conf text"
    row = "5 1 1 1 1 1 0 0 9 9 90 abcdef"
    script = f'case "$*" in *list-langs*) printf "tha\\neng\\n";; *) printf "%s\\n%s\\n" "{table}" "{row}" | tr " " "\\t";; esac'
    a_program(tmp_path / "bin", "tesseract", script)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    check = found(look_at_programs, place, "tesseract")
    assert check.state == "fail" and "abcdef" in check.found.en


def test_a_libreoffice_that_hangs_is_ended(
    place: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    a_program(tmp_path / "bin", "soffice", "exec sleep 600")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    slow = replace(place, ocr=False, limits=Limits(converter_seconds=1.0))
    check = found(look_at_programs, slow, "libreoffice")
    assert check.state == "fail" and "CONVERTER_SECONDS" in check.remedy.en


def test_too_little_memory_for_reading(place: Installation) -> None:
    check = found(look_at_programs, replace(place, ocr=False, limits=Limits(memory_bytes=8 * MIB)), "reading")
    assert check.state == "fail" and "KHETCHECK_LIMITS__MEMORY_BYTES" in check.remedy.en


def test_no_thai_fonts(place: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    letter_file._families.cache_clear()  # asked once a process; another test may have asked
    a_program(tmp_path / "bin", "fc-list", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert "fonts-thai-tlwg" in found(look_at_fonts, place, "fonts").remedy.en
    letter_file._families.cache_clear()
    a_program(tmp_path / "bin", "fc-list", "echo Norasi")
    assert found(look_at_fonts, place, "fonts").state == "ok"
    assert found(look_at_fonts, place, "letter_font").state == "warn"
    monkeypatch.setattr(installed_fonts.shutil, "which", lambda _name: None)
    assert found(look_at_fonts, place, "fonts").state == "warn"
    letter_file._families.cache_clear()


def test_a_database_that_does_not_answer(place: Installation) -> None:
    check = found(
        look_at_database, replace(place, store="postgresql+psycopg://bob:SECRETPW@127.0.0.1:1/x"), "database"
    )
    assert check.state == "fail" and exit_status([check]) == 3
    assert "SECRETPW" not in check.found.en + check.found.th + check.remedy.en


def test_a_damaged_database(place: Installation) -> None:
    (place.home / "khetcheck.sqlite3").write_bytes(b"no database at all, " * 500)
    check = found(look_at_database, place, "database")
    assert check.state == "fail" and "khetcheck restore" in check.remedy.th


@pytest.mark.parametrize(
    ("revision", "state", "word"), [("9999", "fail", "newest"), ("0007", "warn", "backup")]
)
def test_tables_of_another_version(
    store: Store, store_url: str, tmp_path: Path, revision: str, state: str, word: str
) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :one"), {"one": revision})
    check = found(look_at_database, Installation(tmp_path, store=store_url), "database")
    assert check.state == state and word in check.remedy.en
    assert store.revision() == revision  # a doctor migrates nothing


def test_a_database_that_cannot_be_written(place: Installation, request: pytest.FixtureRequest) -> None:
    with contextlib.closing(Store.at(place.home)) as store, store.engine.connect() as other:
        other.execution_options(khetcheck_writes=True).execute(
            text("SELECT 1")
        )  # somebody holds the lock for long
        check = found(look_at_database, place, "database_writable")
        other.rollback()
    assert check.state == "fail" and check.vital


def test_clocks_that_disagree_and_batches_that_are_stuck(place: Installation) -> None:
    now = dt.datetime.now(dt.UTC)
    with contextlib.closing(Store.at(place.home)) as store, store.transaction() as session:
        session.add(Submission(name="s01", updated_at=now + dt.timedelta(hours=1)))
        session.add(
            Batch(
                inbox="x",
                rubric="r",
                model="m",
                reader="2",
                started_at=now - dt.timedelta(days=1),
            )
        )
    assert "set-ntp" in found(look_at_database, place, "clock").remedy.en
    assert "khetcheck screen" in found(look_at_database, place, "stuck").remedy.en


def test_a_batch_whose_run_shows_life_is_not_stuck_and_a_claim_that_ran_out_is(place: Installation) -> None:
    now, day = dt.datetime.now(dt.UTC), dt.timedelta(days=1)
    with contextlib.closing(Store.at(place.home)) as store:
        with store.transaction() as session:
            batch = Batch(inbox="x", rubric="r", model="m", reader="2", started_at=now - day)
            session.add(batch)
            session.flush()
            run = Run(batch_id=batch.id, host="h", pid=1, alive_until=now + day)
            session.add(run)
            session.flush()
            held = {"versions": "v", "run_id": run.id}
            session.add(Claim(submission="held", token="a", until=now + day, **held))
            session.add(Claim(submission="handed back", token="", until=now - day, attempts=1, **held))
        assert found(look_at_database, place, "stuck").state == "ok"
        with store.transaction() as session:
            session.add(Claim(submission="lost", token="b", until=now - day, **held))
        assert "and 1 submissions" in found(look_at_database, place, "stuck").found.en
        with store.transaction() as session:
            session.execute(update(Run).values(alive_until=now - day))
        assert "1 batches" in found(look_at_database, place, "stuck").found.en


def test_tables_older_than_claims_are_looked_at_all_the_same(place: Installation) -> None:
    with contextlib.closing(Store.at(place.home)) as store, store.engine.begin() as connection:
        config = migration_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0008")
    assert found(look_at_database, place, "stuck").state == "ok"
    assert found(look_at_database, place, "database").state == "warn"


def test_another_place_of_files_is_tried_by_putting_and_fetching(place: Installation, tmp_path: Path) -> None:
    assert list(look_at_files(place)) == []
    far = f"memory://doctor-{tmp_path.name}"
    sound = replace(place, files=KeptAt(place.home, far))
    assert found(look_at_files, sound, "files").state == "ok"
    assert not (place.home / "files").exists()
    (tmp_path / "a_file").write_bytes(b"")
    for url in (
        f"file://{tmp_path}/a_file/below",
        str(tmp_path / "a_file" / "below"),
        "nosuch://bob:PW@host/x",
    ):
        check = found(look_at_files, replace(place, files=KeptAt(place.home, url)), "files")
        assert check.state == "fail" and "PW" not in check.found.en


def test_no_home(place: Installation, tmp_path: Path) -> None:
    (tmp_path / "a_file").write_bytes(b"")
    check = found(look_at_machine, replace(place, home=tmp_path / "a_file" / "home"), "home")
    assert check.state == "fail" and exit_status([check]) == 3 and "--home" in check.remedy.en


def test_a_full_disk(place: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _folder: Usage(1 << 40, 1 << 40, 1 << 20))
    check = found(look_at_machine, place, "disk")
    assert check.state == "fail" and "khetcheck prune" in check.remedy.en


def test_more_workers_than_memory(
    place: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable: 1572864 kB\n", "ascii")
    monkeypatch.setattr(machine, "_MEMORY", tmp_path / "meminfo")
    check = found(look_at_machine, replace(place, workers=32), "memory")
    assert check.state == "warn" and "KHETCHECK_WORKERS=2" in check.remedy.en


def test_a_model_that_was_changed(place: Installation) -> None:
    folder = place.home / "models" / "mine"
    shutil.copytree(BUNDLED, folder)
    with (folder / "words.npz").open("ab") as stream:
        stream.write(b"x")
    check = found(look_at_model, replace(place, model=str(folder)), "model")
    assert check.state == "fail" and "rollback" in check.remedy.en and "words.npz" in check.found.en


def test_a_package_of_another_version(place: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ["prefect==1.2", "no-such-package-here", "pytest==0; extra == 'dev'"]
    monkeypatch.setattr(versions, "requires", lambda _name: asked)
    check = found(look_at_versions, place, "versions")
    assert check.state == "fail" and "constraints.txt" in check.remedy.en
    assert (
        "(==1.2)" in check.found.en
        and "no-such-package-here" in check.found.en
        and "pytest" not in check.found.en
    )


@contextlib.contextmanager
def answering(answers: Callable[[int], dict[str, object]]) -> Iterator[str]:
    """A server on loopback that answers JSON by path."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = answers(self.server.server_port).get(self.path)
            self.send_response(404 if told is None else 200)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api"
        server.shutdown()


def test_an_orchestrator_that_is_away_is_another_or_shows_empty_pages(place: Installation) -> None:
    away = found(look_at_orchestrator, replace(place, orchestrator="http://127.0.0.1:1/api"), "prefect")
    assert away.state == "fail" and "prefect server start" in away.remedy.en
    assert found(look_at_orchestrator, place, "prefect").state == "ok"

    def other(_port: int) -> dict[str, object]:
        trap = {"api_url": "http://127.0.0.1:4200/api"}
        return {"/api/health": True, "/api/admin/version": "0.1", "/ui-settings": trap}

    with answering(other) as address:
        asked = replace(place, orchestrator=address)
        assert found(look_at_orchestrator, asked, "prefect").state == "warn"
        trap = found(look_at_orchestrator, asked, "prefect_pages")
        assert f"PREFECT_SERVER_UI_API_URL={address}" in trap.remedy.en

    def same(port: int) -> dict[str, object]:
        settings = {"api_url": f"http://127.0.0.1:{port}/api"}
        return {"/api/health": True, "/api/admin/version": version("prefect"), "/ui-settings": settings}

    with answering(same) as address:
        assert [one.state for one in look_at_orchestrator(replace(place, orchestrator=address))] == ["ok"]


def test_a_look_that_fails_itself_is_a_finding(place: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_name: str) -> list[str]:
        raise RuntimeError("of all things")

    monkeypatch.setattr(versions, "requires", broken)
    told = next(examine(place))
    assert told.state == "fail" and "of all things" in told.found.en and told.remedy.th


def test_the_step_at_which_a_file_fails_is_named(
    place: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def last(name: str, content: bytes | None, **given: object) -> Check:
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        return list(examine_file(replace(place, **given), path))[-1]  # type: ignore[arg-type]

    assert last("none.pdf", None).name == "file"
    assert last("empty.pdf", b"").state == "fail"
    assert last("broken.pdf", b"%PDF-1.7\nbroken").name == "read"
    assert last("odd.xyz", b"whatever").name == "kind"
    assert "FILE_BYTES" in last("large.pdf", b"x" * 2000, limits=Limits(file_bytes=1000)).remedy.en
    picture = b"\x89PNG\r\n\x1a\n" + b"\0" * 50
    assert last("scan.png", picture, ocr=False).name == "ocr"
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert last("old.rtf", b"{\\rtf1 x}").name == "converter"
