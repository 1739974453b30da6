"""Versions against what the code needs: Python, its packages as they were asked for, SQLite's and PostgreSQL's abilities."""

from __future__ import annotations

import platform
import sqlite3
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import InvalidRequirement, Requirement

from pipeline.health.check import Check, Installation, well
from rubric.language import Bilingual

PYTHON = (3, 11)
SQLITE = (3, 35)
"""The first that can give back what it has written."""


def look_at_versions(_place: Installation) -> Iterator[Check]:
    """Compare what is installed with what was asked for."""
    told = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, khetcheck {_own()}"
    wrong = [*_wrong_packages()]
    if sys.version_info < PYTHON:
        wrong.append(f"Python {platform.python_version()} < {'.'.join(map(str, PYTHON))}")
    if sqlite3.sqlite_version_info < SQLITE:
        wrong.append(f"SQLite {sqlite3.sqlite_version} < {'.'.join(map(str, SQLITE))}")
    if not wrong:
        yield well("versions", told, told + ".")
        return
    listed = ", ".join(wrong)
    yield Check(
        "versions",
        "fail",
        Bilingual(f"รุ่นไม่ตรงกับที่ต้องใช้: {listed}", f"Not the versions that are needed: {listed}."),
        Bilingual(
            "ติดตั้งใหม่: pip install -c constraints.txt khetcheck (docs/install.md)",
            "Install anew: pip install -c constraints.txt khetcheck (docs/install.md).",
        ),
    )


def _wrong_packages() -> Iterator[str]:
    try:
        asked = requires("khetcheck") or []
    except PackageNotFoundError:
        return
    for line in asked:
        try:
            wanted = Requirement(line)
        except InvalidRequirement:
            continue
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            have = version(wanted.name)
        except PackageNotFoundError:
            yield f"{wanted.name} (ไม่มี / missing)"
            continue
        if not wanted.specifier.contains(have, prereleases=True):
            yield f"{wanted.name} {have} ({wanted.specifier})"


def _own() -> str:
    try:
        return version("khetcheck")
    except PackageNotFoundError:
        return "?"
