"""``khetcheck doctor``: what is installed, reachable, full or old, found out by doing; and what to do about it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.context import settings_of
from flows.language import LANGUAGE, tell
from flows.options import JsonOption, takes_store
from flows.settings import Settings
from flows.terminal import output

if TYPE_CHECKING:
    from pipeline.health.check import Check, Installation

SIGNS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "bold red")}


@takes_store
def doctor(
    context: typer.Context,
    as_json: JsonOption = False,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            help=tell("ตรวจว่าไฟล์นี้จะติดที่ขั้นใด", "Tell which step would fail for this file."),
            show_default=False,
        ),
    ] = None,
) -> None:
    """Look at the installation, or at one file's way through it."""
    from pipeline.health.examination import examine, examine_file, exit_status

    place = installation(settings_of(context))
    found = examine(place) if file is None else examine_file(place, file)
    checks = list(found) if as_json else list(_shown(found))
    if as_json:
        typer.echo(json.dumps(_as_data(checks), ensure_ascii=False, indent=1))
    raise typer.Exit(exit_status(checks))


def installation(settings: Settings) -> Installation:
    """Return what the settings and the environment name."""
    from pipeline.health.check import Installation

    return Installation(
        home=settings.home,
        store=settings.store,
        rubric=settings.rubric,
        model=settings.model,
        ocr=settings.ocr,
        workers=settings.worker_count,
        orchestrator=os.environ.get("PREFECT_API_URL", ""),
        limits=settings.limits,
        files=settings.kept,
    )


def _shown(checks: Iterator[Check]) -> Iterator[Check]:
    for check in checks:
        sign, style = SIGNS[check.state]
        output().print(f"{sign} {check.found.told(LANGUAGE)}", style=style, soft_wrap=True)
        if remedy := check.remedy.told(LANGUAGE):
            output().print(f"  → {remedy}", soft_wrap=True)
        yield check


def _as_data(checks: list[Check]) -> dict[str, object]:
    worst = max((one.state for one in checks), key=["ok", "warn", "fail"].index, default="ok")
    return {
        "state": worst,
        "checks": [
            {
                "name": one.name,
                "state": one.state,
                "th": one.found.th,
                "en": one.found.en,
                "remedy_th": one.remedy.th,
                "remedy_en": one.remedy.en,
            }
            for one in checks
        ],
    }
