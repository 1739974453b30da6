"""Docs are tested: a command, option, setting, finding, table or link that is missing or wrong there fails here."""

import re
import typing
from pathlib import Path

import pytest
import typer.main

from flows.cli import app
from flows.orchestrator import QUIET
from flows.settings import Settings
from pipeline.drafts import FindingKind
from pipeline.store.tables import Base

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
CLI = (ROOT / "docs" / "cli.md").read_text("utf-8")
COMMON = {"--help", "-h", "--home", "--store", "--lang"}


def commands() -> dict[str, typing.Any]:
    """Every command by its full name ("models list"), groups taken apart."""
    found: dict[str, typing.Any] = {}

    def walk(name: str, command: typing.Any) -> None:
        for below, inner in getattr(command, "commands", {}).items():
            walk(f"{name} {below}".strip(), inner)
        if not hasattr(command, "commands"):
            found[name] = command

    walk("", typer.main.get_command(app))
    return found


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_and_option_is_documented(name: str) -> None:
    assert f"khetcheck {name}" in CLI, f"docs/cli.md says nothing of `khetcheck {name}`"
    section = CLI.split(f"khetcheck {name}", 1)[1].split("\n### ", 1)[0].split("\n## ", 1)[0]
    for parameter in commands()[name].params:
        for option in set(parameter.opts) - COMMON:
            if option.startswith("--"):
                assert f"`{option}" in section, f"docs/cli.md, `khetcheck {name}`: nothing of {option}"


def test_no_documented_command_is_gone() -> None:
    documented = set(re.findall(r"^### `khetcheck ([a-z -]+?)(?: (?:[A-Z]|--).*)?`$", CLI, re.MULTILINE))
    assert documented <= set(commands())


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name: str) -> None:
    assert f"`KHETCHECK_{name.upper()}`" in CLI


def test_no_documented_setting_is_gone() -> None:
    named = set(re.findall(r"^\| `KHETCHECK_([A-Z_]+)`", CLI, re.MULTILINE))
    assert named == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("kind", typing.get_args(FindingKind))
def test_every_kind_of_finding_is_documented(kind: str) -> None:
    assert f"| `{kind}` |" in (ROOT / "docs" / "contract.md").read_text("utf-8")


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_every_table_is_documented(table: str) -> None:
    assert f"`{table}`" in (ROOT / "docs" / "design.md").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert "://" in target or (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_named_files_exist(page: Path) -> None:
    for name in re.findall(
        r"`((?:rubric|models|pipeline|flows|tests|benchmarks|data_samples|\.ci)/[\w./-]+)",
        page.read_text("utf-8"),
    ):
        assert (ROOT / name.rstrip(".")).exists(), f"{page.name}: {name}"


def test_the_readme_names_the_chores_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for page in PAGES:
        for chore in re.findall(r"`?make ([a-z-]+)`", page.read_text("utf-8")):
            assert re.search(rf"^{chore}:", makefile, re.MULTILINE), f"{page.name}: make {chore}"


def test_prefect_is_kept_from_calling_out() -> None:
    assert QUIET["DO_NOT_TRACK"] == "1" and QUIET["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
