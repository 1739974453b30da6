"""What a command works with: options before and after its name, and a store that is closed whatever happens."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from flows.cli import app
from flows.context import opened, settings_of
from flows.options import takes_language, takes_store
from flows.settings import load_settings
from pipeline.batches.batch import BatchRun
from pipeline.store.database import Store
from rubric.exceptions import KhetcheckError

FLOWS = Path(__file__).parents[2] / "flows"


class Watched:
    """Stores that commands opened, and which of them are open still."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.opened: list[Store] = []
        self.still_open: list[Store] = []
        at, close = Store.at, Store.close

        def watched_at(home: Path, url: str | None = None) -> Store:
            store = at(home, url)
            self.opened.append(store)
            self.still_open.append(store)
            return store

        def watched_close(store: Store) -> None:
            close(store)
            if store in self.still_open:
                self.still_open.remove(store)

        monkeypatch.setattr(Store, "at", watched_at)
        monkeypatch.setattr(Store, "close", watched_close)


@pytest.fixture
def stores(monkeypatch: pytest.MonkeyPatch) -> Watched:
    return Watched(monkeypatch)


def call(*arguments: object) -> Any:
    """Run a command in this process and return its result; an error of the product's is raised."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.mark.parametrize(
    "arguments",
    [
        ["drift"],
        ["models", "show", "no-such-model"],
        ["models", "promote", "no-such-model"],
        ["models", "rollback"],
        ["users", "role", "nobody", "lead"],
        ["users", "token", "nobody"],
        ["cases", "import", "no-such-file.jsonl"],
        ["export", "--out", "never.json", "--submission", "nobody"],
        ["review", "--host", "0.0.0.0"],
    ],
    ids=" ".join,
)
def test_the_store_is_closed_when_a_command_fails(
    arguments: list[str], stores: Watched, tmp_path: Path
) -> None:
    with pytest.raises(KhetcheckError):
        call(*arguments, "--home", tmp_path)
    assert stores.opened and not stores.still_open


def test_the_store_is_closed_when_screening_breaks_off(
    stores: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(BatchRun, "triage", broken)
    (tmp_path / "inbox").mkdir()
    with pytest.raises(OSError, match="disk"):
        call("screen", tmp_path / "inbox", "--home", tmp_path / "home", "--direct", "--quick")
    assert stores.opened and not stores.still_open


@pytest.mark.parametrize(
    "arguments", [["status"], ["users", "list"], ["models", "list"], ["next"]], ids=" ".join
)
def test_the_store_is_closed_when_a_command_is_done(
    arguments: list[str], stores: Watched, tmp_path: Path
) -> None:
    assert call("--home", tmp_path, *arguments).exit_code == 0
    assert stores.opened and not stores.still_open


def test_no_command_opens_a_store_by_itself() -> None:
    for path in sorted(FLOWS.rglob("*.py")):
        if path != FLOWS / "context.py":
            names = [
                node
                for node in ast.walk(ast.parse(path.read_text("utf-8")))
                if isinstance(node, ast.Attribute)
            ]
            assert not any(ast.unparse(node) == "Store.at" for node in names), (
                f"{path}: use flows.context.opened"
            )


def test_an_option_after_the_command_overrides_one_before_it(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    told = json.loads(call("--home", before, "status", "--json", "--home", after).stdout)
    assert "after" in told["store"] and after.exists() and not before.exists()


def test_options_reach_the_settings_and_not_the_command(tmp_path: Path) -> None:
    small = typer.Typer()
    seen: list[object] = []

    @small.command()
    @takes_store
    def look(context: typer.Context, count: int = 1) -> None:
        with opened(context) as (settings, store):
            seen.extend([settings.home, settings.lang, store.url.database, count])

    assert CliRunner().invoke(small, ["--home", str(tmp_path), "--lang", "en", "--count", "3"]).exit_code == 0
    assert seen == [tmp_path, "en", str(tmp_path / "khetcheck.sqlite3"), 3]


def test_a_command_without_a_store_has_no_options_of_one() -> None:
    small = typer.Typer()

    @small.command()
    @takes_language
    def look(context: typer.Context) -> None:
        typer.echo(settings_of(context).lang)

    assert CliRunner().invoke(small, ["--lang", "en"]).stdout == "en\n"
    assert CliRunner().invoke(small, ["--home", "x"]).exit_code == 2


def test_signs_of_life_come_often_enough_for_the_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHETCHECK_LEASE", "60")
    with pytest.raises(KhetcheckError, match=r"KHETCHECK_RENEWAL.*quarter"):
        load_settings()
    monkeypatch.setenv("KHETCHECK_RENEWAL", "15")
    assert (load_settings().lease, load_settings().renewal) == (60.0, 15.0)
