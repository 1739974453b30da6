"""What is looked at, and one thing found: how it stands, what that means, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.intake.kept_at import KeptAt
from pipeline.reading import DEFAULT_LIMITS, Limits
from rubric.language import Bilingual

State = Literal["ok", "warn", "fail"]
NOTHING = Bilingual("", "")


@dataclass(frozen=True, slots=True)
class Installation:
    """The installation that is looked at, as the settings name it.

    Attributes:
        store: address of another database than the home's own; empty for that one.
        files: another place of files than the home; None for the home itself.
        model: id or folder of the model; empty for the one in use.
        orchestrator: address of the orchestrator's API; empty where each run starts its own.
    """

    home: Path
    store: str = ""
    rubric: str = "esa-2560-1.1"
    model: str = ""
    ocr: bool = True
    workers: int = 1
    orchestrator: str = ""
    limits: Limits = DEFAULT_LIMITS
    files: KeptAt | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing found.

    Attributes:
        name: stable word for programs: ``tesseract``, ``database`` …
        state: ``warn``: work goes on, something is less good or will fail later; ``fail``: something needed does not work.
        found: what was tried and what came, and what a fault means for the work.
        remedy: what to do; empty where nothing is.
        vital: without it no command works at all.
    """

    name: str
    state: State
    found: Bilingual
    remedy: Bilingual = NOTHING
    vital: bool = False


def well(name: str, th: str, en: str) -> Check:
    """Return a check that found nothing wrong."""
    return Check(name, "ok", Bilingual(th, en))
