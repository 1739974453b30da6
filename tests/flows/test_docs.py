"""Docs are tested: a command, option, setting, finding, table or link that is missing or wrong there fails here."""

import importlib
import re
import shlex
import typing
from pathlib import Path

import pytest
import typer.main

from flows.cli import app
from flows.opening.prefect_surroundings import QUIET
from flows.settings import Settings
from pipeline.drafts import FindingKind
from pipeline.store.tables import Base

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [
    README,
    ROOT / "CHANGELOG.md",
    ROOT / "data_samples" / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
FOLDERS = (
    "deploy",
    "rubric",
    "models",
    "pipeline",
    "flows",
    "tests",
    "benchmarks",
    "data_samples",
    "docs",
    ".ci",
)
SOURCES = [path for room in ("rubric", "models", "pipeline", "flows") for path in (ROOT / room).rglob("*.py")]
CLI = (ROOT / "docs" / "cli.md").read_text("utf-8")
COMMON = {"--help", "-h", "--home", "--store", "--files", "--lang"}


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


def title(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def dotted_names(text: str) -> list[str]:
    """What looks like a module of the product in a text: ``models.training``, ``pipeline.store.database.Store``."""
    return re.findall(
        r"(?<![\w/.])((?:rubric|models|pipeline|flows|tests|benchmarks)(?:\.[A-Za-z_]\w*)+)(?!/)", text
    )


def stands(name: str) -> bool:
    """Tell whether a dotted name is a module, a name in one, or a class's own name (``module.Class.method``)."""
    parts = name.split(".")
    for length in range(len(parts), max(0, len(parts) - 3), -1):
        place, inner = ROOT.joinpath(*parts[:length]), parts[length:]
        if place.is_dir() and not inner:
            return True
        files = [file for file in (place.with_suffix(".py"), place / "__init__.py") if file.exists()]
        for file in files:
            text = file.read_text("utf-8")
            if all(re.search(rf"\b{one}\b", text) for one in inner):
                return True
    return False


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_and_option_is_documented(name: str) -> None:
    told = re.search(rf"^### `khetcheck {name}(?: (?:[A-Z]|--).*)?`$", CLI, re.MULTILINE)
    assert told, f"docs/cli.md has no heading `khetcheck {name}`"
    section = CLI[told.end() :].split("\n### ", 1)[0].split("\n## ", 1)[0]
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


def test_every_address_of_the_page_is_documented() -> None:
    page = (ROOT / "docs" / "review.md").read_text("utf-8")
    table = page.split("\n## Addresses\n")[1].split("\n## ")[0]
    documented = {re.sub(r"\{\w+\}", "{}", told) for told in re.findall(r"`((?:GET|POST) /[^`]*)`", table)}
    served = {
        f"{method} " + re.sub(r"\{\w+\}", "{}", route.path)
        for file in sorted((ROOT / "pipeline" / "review" / "routes").rglob("[a-z]*.py"))
        for route in importlib.import_module(
            ".".join(file.relative_to(ROOT).with_suffix("").parts)
        ).router.routes
        for method in route.methods
    }
    twin = {address.split()[1] for address in served if " /api/v1/" in address}
    assert documented == {address for address in served if address.split()[1] not in twin}
    for path in twin:
        assert re.search(rf"`[\w/{{}}]*/{path.rpartition('/')[2]}`", page), f"docs/review.md: {path}"


@pytest.mark.parametrize("kind", typing.get_args(FindingKind))
def test_every_kind_of_finding_is_documented(kind: str) -> None:
    assert f"| `{kind}` |" in (ROOT / "docs" / "contract.md").read_text("utf-8")


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_every_table_is_documented(table: str) -> None:
    assert f"`{table}`" in (ROOT / "docs" / "design.md").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert "://" in target or (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_named_files_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    for name in re.findall(rf"(?<![\w/.])((?:{'|'.join(map(re.escape, FOLDERS[:-2]))}|\.ci)/[\w./-]+)", text):
        assert (ROOT / name.rstrip(".")).exists(), f"{page.name}: {name}"
    for name in re.findall(r"`([\w.-]+\.(?:py|html|js|css|yaml))`", text):
        assert (ROOT / name).exists() or any(next((ROOT / room).rglob(name), None) for room in FOLDERS), name


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_named_modules_exist(page: Path) -> None:
    for name in dotted_names(page.read_text("utf-8")):
        assert stands(name), f"{page.name}: {name}"


def test_the_steps_of_reading_name_modules_that_exist() -> None:
    page = (ROOT / "docs" / "reading.md").read_text("utf-8")
    steps = re.findall(r"^\| [^|]+ \| ((?:`[\w/]+`(?:, )?)+) \|", page, re.MULTILINE)
    assert len(steps) >= 11
    rooms = "|".join(path.name for path in (ROOT / "pipeline" / "reading").iterdir() if path.is_dir())
    for name in [*re.findall(r"`([\w/]+)`", " ".join(steps)), *re.findall(rf"`((?:{rooms})/[\w/]+)`", page)]:
        place = ROOT / "pipeline" / "reading" / name
        assert place.is_dir() or place.with_suffix(".py").exists(), f"docs/reading.md: {name}"


def test_docstrings_name_modules_that_exist() -> None:
    for path in SOURCES:
        for quoted in re.findall(
            r"``([\w.]+)``|:(?:mod|func|class|meth|data):`([\w.]+)`", path.read_text("utf-8")
        ):
            for name in dotted_names("".join(quoted)):
                assert stands(name), f"{path.relative_to(ROOT)}: {name}"


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_no_heading_stands_twice_on_a_page(page: Path) -> None:
    plain = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    above, seen = "", set()
    for level, heading in re.findall(r"^(#{1,4}) (.+)$", plain, re.MULTILINE):
        above = heading if len(level) == 2 and page.name == "CHANGELOG.md" else above
        assert (above, heading) not in seen, f"{page.name} says twice: {heading}"
        seen.add((above, heading))


def readme_commands() -> list[str]:
    """Every command line of the README, in code blocks and within sentences, without its comment."""
    text = README.read_text("utf-8")
    blocks = re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    within = re.findall(r"`([^`\n]+)`", re.sub(r"^```\n.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    return [line for line in [*lines, *within] if re.match(r"\S*khetcheck |make ", line)]


def test_the_readme_tells_every_step() -> None:
    assert {"make demo", "make test"} <= {line.split("#")[0].strip() for line in readme_commands()}


@pytest.mark.parametrize("line", [line for line in readme_commands() if "khetcheck" in line])
def test_the_commands_of_the_readme_run_as_written(line: str) -> None:
    program, *words = shlex.split(line, comments=True)
    assert program == ".venv/bin/khetcheck", f"not found where one stands after `make demo`: {line}"
    name = max((name for name in commands() if words[: len(name.split())] == name.split()), key=len)
    command = commands()[name]
    parser = command.make_parser(command.context_class(command, info_name=name))
    _, left, _ = parser.parse_args(args=words[len(name.split()) :])
    assert left == [], f"too many words: {line}"
    assert len(words) - len(name.split()) > 0 or not [p for p in command.params if p.required], line


def test_the_readme_names_the_chores_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for page in PAGES:
        for chore in re.findall(r"`?make ([a-z-]+)`", page.read_text("utf-8")):
            assert re.search(rf"^{chore}:", makefile, re.MULTILINE), f"{page.name}: make {chore}"


def test_prefect_is_kept_from_calling_out() -> None:
    assert QUIET["DO_NOT_TRACK"] == "1" and QUIET["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"


ROOMS = sorted(
    {path.parent.relative_to(ROOT).as_posix() for path in SOURCES if "/migrations" not in path.as_posix()}
)


@pytest.mark.parametrize("top", ["rubric", "models", "pipeline", "flows"])
def test_every_room_has_its_line_in_the_design(top: str) -> None:
    design = (ROOT / "docs" / "design.md").read_text("utf-8")
    for room in ROOMS:
        if room.split("/")[0] == top:
            assert re.search(rf"\b{room.rpartition('/')[2]}/[ ,]", design), (
                f"docs/design.md says nothing of {room}/"
            )


def test_each_way_to_change_the_program_is_short_and_names_its_test() -> None:
    page = (ROOT / "docs" / "developing.md").read_text("utf-8")
    ways = {
        part.splitlines()[0]: part.splitlines()[1:]
        for part in page.split("\n## ")
        if part.startswith(("A ", "An "))
    }
    assert set(ways) == {
        "A format of document",
        "A rule on top of the model",
        "A finding",
        "A command",
        "A text in two languages",
        "A table with its migration",
        "A page",
    }
    for name, lines in ways.items():
        assert len([line for line in lines if line.strip()]) <= 11, (
            f"docs/developing.md, {name}: too long to be read"
        )
        assert any("`tests/" in line for line in lines), f"docs/developing.md, {name}: which test?"
