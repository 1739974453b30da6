"""All that is looked at, in the order in which one thing rests on another; what goes wrong in looking is a finding, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.health.check import Check, Installation
from pipeline.health.files_health import look_at_files
from pipeline.health.installed_fonts import look_at_fonts
from pipeline.health.machine import look_at_machine
from pipeline.health.model_health import look_at_model
from pipeline.health.one_file import look_at_file
from pipeline.health.orchestrator_health import look_at_orchestrator
from pipeline.health.programs import look_at_programs
from pipeline.health.tables_health import look_at_database
from pipeline.health.versions import look_at_versions
from rubric.language import Bilingual

Look = Callable[..., Iterator[Check]]
LOOKS: Sequence[Look] = (
    look_at_versions,
    look_at_machine,
    look_at_database,
    look_at_files,
    look_at_model,
    look_at_programs,
    look_at_fonts,
    look_at_orchestrator,
)
NEEDED_MISSING, UNREACHABLE = 1, 3


def examine(place: Installation) -> Iterator[Check]:
    """Look at everything; each finding comes as soon as it is there."""
    for look in LOOKS:
        yield from _safely(look, place)


def examine_file(place: Installation, path: Path) -> Iterator[Check]:
    """Look at one file's way through."""
    yield from _safely(look_at_file, place, path)


def exit_status(checks: Sequence[Check]) -> int:
    """Return 0 where all that is needed works, 3 where nothing works at all, 1 otherwise."""
    failed = [one for one in checks if one.state == "fail"]
    if any(one.vital for one in failed):
        return UNREACHABLE
    return NEEDED_MISSING if failed else 0


def _safely(look: Look, *given: Any) -> Iterator[Check]:
    try:
        yield from look(*given)
    except Exception as error:  # a doctor that dies of the illness helps nobody
        name = look.__name__.removeprefix("look_at_")
        told = f"{type(error).__name__}: {error}".splitlines()[0]
        yield Check(
            name,
            "fail",
            Bilingual(f"ตรวจ {name} ไม่สำเร็จ ({told})", f"Looking at {name} failed ({told})."),
            Bilingual(
                "ตรวจสอบการติดตั้ง (docs/install.md) แล้วลองใหม่ ถ้ายังเป็นอยู่ โปรดส่งข้อความนี้ให้ผู้ดูแลระบบ",
                "See docs/install.md and try again; if it stays, send this line to whoever maintains the system.",
            ),
        )
