"""Two homes stand for two machines: one database, one place of files (S3), and nothing else in common."""

import contextlib
import json
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from flows.cli import app
from models.registry import registry
from models.registry.model_folder import MANIFEST
from pipeline.store.database import Store
from pipeline.store.tables import Document, DraftRow
from tests import inboxes
from tests.faulty_servers.objects import SECRET, ObjectStore, object_store
from tests.flows.commands import run, start

SAMPLES = Path(__file__).parents[2] / "data_samples" / "inbox"


@pytest.fixture(scope="module")
def s3() -> Iterator[ObjectStore]:
    with object_store() as running:
        yield running


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = inboxes.make(tmp_path / "inbox", 2)
    shutil.copy(SAMPLES / "sample-04" / "news.pdf", folder / "s01" / "annex.pdf")
    return folder


@pytest.fixture
def shared(s3: ObjectStore, tmp_path: Path) -> tuple[dict[str, str], str]:
    """The environment of every machine, and the database."""
    url = f"s3://{s3.bucket}/{tmp_path.name}"
    database = f"sqlite:///{(tmp_path / 'shared.sqlite3').as_posix()}"
    told = {"KHETCHECK_FILES": url, "KHETCHECK_STORE": database, **s3.environment("KHETCHECK_FILES_OPTIONS")}
    return told, database


@contextlib.contextmanager
def review_page(home: Path, environment: dict[str, str]) -> Iterator[httpx.Client]:
    """The review page of a machine, in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    page = start("review", "--home", home, "--port", port, "--lang", "en", **environment)
    try:
        assert page.stderr is not None
        assert any(f":{port}" in line for line in page.stderr)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            yield client
    finally:
        page.send_signal(signal.SIGINT)
        page.communicate(timeout=60)


def test_drafts_are_the_same_and_another_machine_shows_the_case(
    tmp_path: Path, inbox: Path, shared: tuple[dict[str, str], str]
) -> None:
    told, database = shared
    for home, environment in (("alone", {}), ("a", told)):
        done = run("screen", inbox, "--home", tmp_path / home, "--direct", "--quick", **environment)
        assert (done.returncode, done.stderr) == (0, "")
        run("export", "--out", tmp_path / f"{home}.json", "--home", tmp_path / home, **environment)
    assert (tmp_path / "alone.json").read_bytes() == (tmp_path / "a.json").read_bytes()
    store = Store(database)
    with store.reading() as session:
        (number,) = session.scalars(select(Document.id).where(Document.file == "annex.pdf"))
    store.close()
    assert not (tmp_path / "b").exists()
    with review_page(tmp_path / "b", told) as page:
        assert page.get("/cases/1").status_code == 200
        assert page.get(f"/documents/{number}/pages/1/110.webp").headers["content-type"] == "image/webp"
        sent = page.get(f"/documents/{number}/original")
        assert sent.content == (inbox / "s01" / "annex.pdf").read_bytes()
    assert SECRET not in "".join(path.read_bytes().decode("latin-1") for path in tmp_path.glob("*.sqlite3"))


def test_a_promotion_on_one_machine_drafts_on_the_other_with_its_next_run(
    tmp_path: Path, inbox: Path, shared: tuple[dict[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told, database = shared
    for name, value in {**told, "KHETCHECK_WORKERS": "1"}.items():
        monkeypatch.setenv(name, value)

    def command(home: str, *arguments: str) -> str:
        done = CliRunner().invoke(app, [*arguments, "--home", str(tmp_path / home)])
        assert done.exit_code == 0, (done.output, done.exception)
        return done.output

    made = tmp_path / "made"
    shutil.copytree(registry.BUNDLED, made)
    manifest = json.loads((made / MANIFEST).read_text("utf-8"))
    (made / MANIFEST).write_text(json.dumps(manifest | {"id": "own-model"}), "utf-8")
    command("b", "screen", str(inbox), "--direct", "--quick", "--limit", "1")
    registry.add_model(made, tmp_path / "a")
    command("a", "models", "promote", "own-model")
    command("b", "screen", str(inbox), "--direct", "--quick")
    store = Store(database)
    with store.reading() as session:
        drafts = session.execute(select(DraftRow.batch_id, DraftRow.model).order_by(DraftRow.id)).all()
    store.close()
    models = {batch: {model for number, model in drafts if number == batch} for batch, _ in drafts}
    assert models[2] == {"own-model-quick"} and models[1] != models[2] and len(models[1]) == 1
    listed = json.loads(command("c", "models", "list", "--json"))
    assert [one["id"] for one in listed if one["champion"]] == ["own-model"]


def test_a_place_of_files_that_is_away_ends_the_run_with_a_sentence(tmp_path: Path, inbox: Path) -> None:
    told = {
        "KHETCHECK_FILES": "s3://bucket/x",
        "KHETCHECK_FILES_OPTIONS__SECRET": SECRET,
        "KHETCHECK_FILES_OPTIONS__KEY": "k",
        "KHETCHECK_FILES_OPTIONS__ENDPOINT_URL": "http://127.0.0.1:1",
    }
    done = run("screen", inbox, "--home", tmp_path / "home", "--direct", "--quick", "--lang", "en", **told)
    assert done.returncode == 3 and "KHETCHECK_FILES" in done.stderr
    assert "Traceback" not in done.stderr and SECRET not in done.stderr + done.stdout
