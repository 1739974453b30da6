"""Figures for leads that take a while: drift, forecast, what keywords are worth. Counted in a child process.

What they are counted with (statistics, the model) is imported here only, so that the server stays small and quick.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.learning.lead_figures import CameTrue, Drift, Learning
from pipeline.store.database import Store
from pipeline.store.tables import Setting
from rubric import Rubric

Answer = TypeVar("Answer")


def drift(url: str, home: Path, batch: int) -> Drift:
    """Compare a batch with all before it."""
    from models.registry.registry import load_model
    from models.scoring.vocabulary import known_words
    from pipeline.learning.drift import drift_of

    words = known_words(load_model(None, home, quick=True))
    return _with_store(url, lambda work: drift_of(work, batch, (), words))


def learning(url: str, rubric: Rubric, threshold: float) -> Learning:
    """Forecast the undecided cases at a threshold, and count what keywords are worth."""
    return _with_store(url, lambda work: _learning(work, rubric, threshold))


def _learning(work: Session, rubric: Rubric, threshold: float) -> Learning:
    from models.measuring.lexicon_usefulness import candidates, worth_of_terms
    from models.retraining.labels import labelled_office
    from pipeline.learning.exchange import all_cases
    from pipeline.learning.forecast import forecast_batch

    cases = all_cases(work, rubric.id)
    offices = [office for case in cases if (office := labelled_office(rubric, case)) is not None]
    return Learning(
        **asdict(forecast_batch(work, threshold)),
        promises=_promises(work),
        cases=len(offices),
        keywords=tuple(worth_of_terms(rubric, offices)),
        wishes=tuple(candidates(rubric, offices)),
    )


def _promises(work: Session) -> tuple[CameTrue, ...]:
    from pipeline.learning.forecast import KEY, came_true

    keys = work.scalars(select(Setting.key).where(Setting.key.startswith(KEY, autoescape=True)))
    batches = sorted(int(key.removeprefix(KEY)) for key in keys)
    return tuple(came for batch in batches if (came := came_true(work, batch)) is not None)


def _with_store(url: str, count: Callable[[Session], Answer]) -> Answer:
    store = Store(url, migrate=False)
    try:
        with store.reading() as work:
            return count(work)
    finally:
        store.close()
