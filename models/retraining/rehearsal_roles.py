"""Who plays what in a rehearsal: offices that the first model learns from, offices that wait for review, offices that measure.

Two ways of being unseen. *By author*: a few authors are known, the offices of all others are new. *By style*: all authors of one
way of writing are new, and the batch mixes their offices with those of the authors that the model knows, as real batches do.
Offices that measure are never reviewed and nothing is learnt from them, thresholds neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.labelled import LabelledOffice
from models.retraining.simulated_reviewers import Errors
from rubric.exceptions import CorpusError
from rubric.language import Bilingual

PRESS = tuple("bmpuvwijoxyz")
"""Authors of the bundled corpus who write press text about many bodies, made up (b m p u v w) or retold from real news."""
HELD = 1 / 3
"""Share of each unseen author's offices that measure, where a style is unseen."""
FAULTLESS = Errors()


@dataclass(frozen=True, slots=True)
class Plan:
    """How to rehearse.

    Attributes:
        style: authors of the unseen style; empty where authors are drawn (``known``).
        known: authors that the first model learns from, where no style is named.
        familiar: share of the known authors' offices that the first model does not learn from and that wait for review beside
            the new ones. None: with a style as great a share as waits of the new offices, so that the batch mixes both as
            the corpus does; else none.
        held: offices of each other author that measure, where no style is named.
        step: offices reviewed between two trainings.
        reviews: offices reviewed in all.
        errors: of the simulated reviewers.
    """

    style: tuple[str, ...] = ()
    known: int = 4
    familiar: float | None = None
    held: int = 1
    step: int = 5
    reviews: int = 30
    errors: Errors = FAULTLESS


@dataclass(frozen=True, slots=True)
class Cast:
    """Offices by what they play.

    Attributes:
        new: names of the waiting ones of which the first model knows neither author nor style.
    """

    known: list[LabelledOffice]
    waiting: list[LabelledOffice]
    held: list[LabelledOffice]
    new: frozenset[str]


def cast_of(offices: Sequence[LabelledOffice], plan: Plan, seed: int) -> Cast:
    """Draw the parts.

    Raises:
        CorpusError: an author of the style has no office here, or nothing is left that is known, waits or measures.
    """
    random = np.random.default_rng(seed)
    by_author: dict[str, list[LabelledOffice]] = defaultdict(list)
    for office in offices:
        by_author[office.author].append(office)
    authors = sorted(by_author)
    if missing := set(plan.style) - set(authors):
        raise _unfit(f"no office of {', '.join(sorted(missing))}")
    random.shuffle(authors)
    if plan.style:
        authors.sort(key=lambda author: author in plan.style)  # stable: the others stay shuffled
    known_authors = len(authors) - len(set(plan.style)) if plan.style else plan.known
    shuffled = {a: [by_author[a][i] for i in random.permutation(len(by_author[a]))] for a in authors}
    new = [_parted(shuffled[author], plan) for author in authors[known_authors:]]
    held = [office for apart, _ in new for office in apart]
    waiting = [office for _, rest in new for office in rest]
    names = frozenset(office.id for office in waiting)
    familiar = _familiar(plan, len(waiting), len(waiting) + len(held))
    known = []
    for author in authors[:known_authors]:
        apart = round(familiar * len(shuffled[author]))
        waiting += shuffled[author][:apart]
        known += shuffled[author][apart:]
    if not (known and waiting and held):
        raise _unfit("none that is known, waits or measures")
    return Cast(known, [waiting[i] for i in random.permutation(len(waiting))], held, names)


def _parted(mine: list[LabelledOffice], plan: Plan) -> tuple[list[LabelledOffice], list[LabelledOffice]]:
    held = max(round(HELD * len(mine)), len(mine) > 1) if plan.style else plan.held
    return mine[:held], mine[held:]


def _familiar(plan: Plan, waiting: int, new: int) -> float:
    if plan.familiar is not None:
        return plan.familiar
    return waiting / new if plan.style and new else 0.0


def told_apart(unknown: Mapping[str, float], new: Iterable[str]) -> float | None:
    """Return the chance that a new office has a greater share of unknown words than a familiar one (AUC).

    Args:
        unknown: office -> share of its words that the model does not know.
        new: the new ones among them.

    Returns:
        None where all are new, or all familiar.
    """
    news = set(new)
    high = np.array([share for name, share in unknown.items() if name in news])
    low = np.array([share for name, share in unknown.items() if name not in news])
    if not len(high) or not len(low):
        return None
    above, equal = high[:, None] > low, high[:, None] == low
    return float((above + 0.5 * equal).mean())


def _unfit(english: str) -> CorpusError:
    return CorpusError(
        Bilingual("ซ้อมด้วยคลังข้อความนี้ไม่ได้", f"This corpus cannot be rehearsed on: {english}."),
        Bilingual(
            "ระบุผู้เขียนที่มีอยู่ด้วย --style และเหลือเขตของผู้เขียนอื่นไว้",
            "Name authors that it has with --style, and leave offices of others.",
        ),
    )
