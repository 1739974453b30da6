"""Figures for leads that take a while: drift, forecast, what keywords are worth. Counted in a child process.

What they are counted with (statistics, the model) is imported here only, so that the server stays small and quick.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.store.database import Store
from pipeline.store.tables import Setting
from rubric import Rubric
from rubric.language import Bilingual

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class DriftFigure:
    """A share in a batch and in its reference; ``chance`` is the probability that chance alone differs as much."""

    name: str
    told: Bilingual
    share: float
    of: int
    before: float
    before_of: int
    chance: float
    alarm: bool


@dataclass(frozen=True, slots=True)
class DriftFigures:
    """A batch against those before it; without enough drafts (``enough``) nothing rings."""

    batch: int
    reference: tuple[int, ...]
    drafts: int
    enough: bool
    least: int
    figures: tuple[DriftFigure, ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """What was forecast of a batch and what came of it."""

    batch: int
    told: Bilingual
    came: Bilingual


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword on reviewed cases: passages it stands in, how many of them are evidence, 95 % interval of that share."""

    point: int
    term: str
    hits: int
    right: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Wish:
    """A word that confirmed evidence uses often and no lexicon has."""

    point: int
    term: str
    inside: int
    outside: int


@dataclass(frozen=True, slots=True)
class LearningFigures:
    """What a threshold would save and risk, promises held to, and the worth of keywords.

    Attributes:
        points, passing: undecided points, and those that would pass unread.
        share_at_most: upper bound of wrong ones among them, None without reviewed ones.
        cases: reviewed cases that the keywords were counted on.
    """

    threshold: float
    told: Bilingual
    points: int
    passing: int
    hours: float
    hours_all: float
    expected_wrong: float
    share_at_most: float | None
    timed: bool
    promises: tuple[Promise, ...]
    cases: int
    keywords: tuple[Keyword, ...]
    wishes: tuple[Wish, ...]


def drift(url: str, home: Path, batch: int) -> DriftFigures:
    """Compare a batch with all before it."""
    from models.registry.registry import load_model
    from models.scoring.vocabulary import known_words
    from pipeline.learning.drift import LEAST_DRAFTS, drift_of

    words = known_words(load_model(None, home, quick=True))
    found = _with_store(url, lambda work: drift_of(work, batch, (), words))
    figures = tuple(
        DriftFigure(
            one.name, one.told(), one.share, one.whole, one.before, one.before_whole, one.chance, one.alarm
        )
        for one in found.figures
    )
    before = max((one.before_of for one in figures if one.name == "abstained"), default=0)
    enough = min(found.drafts, before) >= LEAST_DRAFTS
    return DriftFigures(found.batch, found.reference, found.drafts, enough, LEAST_DRAFTS, figures)


def learning(url: str, rubric: Rubric, threshold: float) -> LearningFigures:
    """Forecast the undecided cases at a threshold, and count what keywords are worth."""
    return _with_store(url, lambda work: _learning(work, rubric, threshold))


def _learning(work: Session, rubric: Rubric, threshold: float) -> LearningFigures:
    from models.measuring.lexicon_usefulness import candidates, worth_of_terms
    from models.retraining.labels import labelled_office
    from pipeline.learning.exchange import all_cases
    from pipeline.learning.forecast import forecast_batch

    said = forecast_batch(work, threshold)
    cases = all_cases(work, rubric.id)
    offices = [office for case in cases if (office := labelled_office(rubric, case)) is not None]
    return LearningFigures(
        threshold=threshold,
        told=said.told(),
        points=said.points,
        passing=said.passing,
        hours=said.hours,
        hours_all=said.hours_all,
        expected_wrong=said.expected_wrong,
        share_at_most=said.share_at_most,
        timed=said.timed,
        promises=_promises(work),
        cases=len(offices),
        keywords=tuple(
            Keyword(one.point, one.term, one.hits, one.right, one.low, one.high)
            for one in worth_of_terms(rubric, offices)
        ),
        wishes=tuple(
            Wish(one.point, one.term, one.inside, one.outside) for one in candidates(rubric, offices)
        ),
    )


def _promises(work: Session) -> tuple[Promise, ...]:
    from pipeline.learning.forecast import KEY, came_true

    keys = work.scalars(select(Setting.key).where(Setting.key.startswith(KEY, autoescape=True)))
    batches = sorted(int(key.removeprefix(KEY)) for key in keys)
    found = [(batch, came_true(work, batch)) for batch in batches]
    return tuple(
        Promise(batch, came.forecast.told(), came.told()) for batch, came in found if came is not None
    )


def _with_store(url: str, count: Callable[[Session], Answer]) -> Answer:
    store = Store(url, migrate=False)
    try:
        with store.reading() as work:
            return count(work)
    finally:
        store.close()
