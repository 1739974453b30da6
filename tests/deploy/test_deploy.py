"""What deploy/ names exists: commands with their options, settings, files; and systemd takes the units."""

import functools
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.settings import Settings
from tests.flows.test_docs import commands
from tests.needs import absent

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


def of_units() -> list[list[str]]:
    return [
        shlex.split(line)
        for unit in UNITS
        for line in re.findall(r"^ExecStart=(.+)$", unit.read_text("utf-8"), re.MULTILINE)
    ]


def of_compose() -> list[list[str]]:
    services: dict[str, dict[str, Any]] = COMPOSE["services"]
    return [
        [*one.get("entrypoint", ["khetcheck"]), *one["command"]]
        for one in services.values()
        if "command" in one
    ]


def of_comments() -> list[list[str]]:
    """What the compose file's head tells to run in a service's container, which is khetcheck's own command."""
    told = re.findall(
        r"run --rm review ([^#\n]+?)(?:\s+#.*)?$", (DEPLOY / "compose.yaml").read_text("utf-8"), re.MULTILINE
    )
    return [["khetcheck", *shlex.split(line)] for line in told]


def of_docs() -> list[list[str]]:
    """The commands in the code blocks of docs/operations.md, without their comments."""
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    blocks = re.findall(r"^```\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines if line.startswith(("khetcheck ", "prefect "))]


@functools.cache
def help_of(*words: str) -> str:
    """What a program's own command says of its options."""
    done = subprocess.run(
        [sys.executable, "-m", *words, "--help"],
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
        check=True,
        timeout=240,
    )
    return done.stdout


@pytest.mark.parametrize("line", [*of_units(), *of_compose(), *of_comments(), *of_docs()], ids=" ".join)
def test_each_command_exists_with_its_options(line: list[str]) -> None:
    program, words = Path(line[0]).name, line[1:]
    if program == "khetcheck":
        name = max((name for name in commands() if words[: len(name.split())] == name.split()), key=len)
        command = commands()[name]
        parser = command.make_parser(command.context_class(command, info_name=name))
        _, left, _ = parser.parse_args(args=words[len(name.split()) :])
        assert left == []
    else:
        assert program == "prefect"
        told = help_of("prefect", *words[:2])
        for option in [word for word in words[2:] if word.startswith("--")]:
            assert re.search(rf"(?<![\w-]){option}\b", told), (
                f"prefect {' '.join(words[:2])}: nothing of {option}"
            )


def test_every_setting_named_exists() -> None:
    from prefect.settings import get_current_settings

    known = {f"KHETCHECK_{name.upper()}" for name in Settings.model_fields}
    known |= {"KHETCHECK_DB_PASSWORD", "KHETCHECK_INBOX"}  # the compose file's own
    prefects = set(get_current_settings().to_environment_variables(exclude_unset=False, include_aliases=True))
    prefects.add("PREFECT_API_URL")  # not among those where it is not set
    for path in [path for path in DEPLOY.rglob("*") if path.is_file()]:
        text = path.read_text("utf-8")
        assert set(re.findall(r"\bKHETCHECK_[A-Z_]+", text)) <= known, path
        assert set(re.findall(r"\bPREFECT_[A-Z_]+", text)) <= prefects, path


def test_files_that_are_copied_or_mounted_exist() -> None:
    copied = re.findall(
        r"^COPY (?!--from)(.+) \S+$", (DEPLOY / "Containerfile").read_text("utf-8"), re.MULTILINE
    )
    for name in [one for line in copied for one in line.split()]:
        assert (ROOT / name).exists(), name
    for room in ("rubric", "models", "pipeline", "flows"):
        assert room in " ".join(copied)
    for volume in COMPOSE["services"]["db"]["volumes"]:
        assert not volume.startswith("./") or (DEPLOY / volume.split(":")[0]).is_file()
    dockerfile = COMPOSE["x-khetcheck"]["build"]["dockerfile"]
    assert (ROOT / dockerfile).is_file()


def test_programs_of_the_image_are_those_that_reading_needs() -> None:
    """The list of packages stands in .ci/system; an image without one of them reads less."""
    asked = (ROOT / ".ci" / "system").read_text("utf-8")
    for group in ("tesseract", "office", "fonts"):
        packages = re.search(rf'\[{group}\]="([^"]+)"', asked)
        assert packages
        for package in packages[1].split():
            assert package in (DEPLOY / "Containerfile").read_text("utf-8")


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_takes_the_unit(unit: Path, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        absent("systemd-analyze")
    text = unit.read_text("utf-8")
    for name in ("khetcheck", "prefect"):  # it looks whether what is to be started is there
        text = text.replace(f"/opt/khetcheck/.venv/bin/{name} ", f"{sys.executable} ")
    (tmp_path / unit.name).write_text(text, "utf-8")
    done = subprocess.run(
        [program, "verify", "--man=no", tmp_path / unit.name], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if unit.name in line]
    assert done.returncode == 0 and ours == [], done.stderr


def test_no_secret_stands_in_deploy() -> None:
    for path in [path for path in DEPLOY.rglob("*") if path.is_file()]:
        for word in re.findall(r"://[^/@\s:]+:([^@\s]+)@", path.read_text("utf-8")):
            assert word == "PASSWORD" or word.startswith("${KHETCHECK_DB_PASSWORD")
