"""Drafts of labelled offices by models that never saw them, from scores made out of fold: what a card reports.

Thresholds, states and calibration are learnt anew without the offices in hand, so that nothing that is measured was
also learnt from.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.columns import Columns, Floats, targets_of
from models.judging.judged import Item, Judgement
from models.judging.judgement import judge
from models.judging.thresholds import JudgementSettings
from models.labelled import LabelledOffice, LabelledPassage
from models.measuring.evaluation import Evaluation, draft_of_judgement, evaluate
from models.measuring.gold import gold_of
from models.out_of_fold import folds_of
from models.scoring.calibration import Calibration
from models.training.tuning import by_office, items_of, learn_settings
from rubric import Rubric

_FOLDS = 5
"""Parts into which the authors are split."""


@dataclass(frozen=True)
class Scored:
    """Labelled passages of no submission with scores by models that never saw their authors.

    They are the real text of the corpus, retold. Probabilities are to hold on such text too, so calibration is fitted on it;
    thresholds and states go by whole submissions.

    Attributes:
        raw: (n, columns), not calibrated.
    """

    rows: Sequence[LabelledPassage]
    raw: Floats

    @classmethod
    def of(cls, offices: Sequence[LabelledOffice], raw: Floats, known: NDArray[np.bool_]) -> Scored:
        """Those among all rows of ``offices`` whose scores are known."""
        rows = [row for office in offices for row in office.rows]
        loose = [not office.is_submission for office in offices for _ in office.rows]
        chosen = np.flatnonzero(np.array(loose, np.bool_) & known).tolist()
        return cls([rows[index] for index in chosen], raw[chosen])

    def without(self, authors: Collection[str]) -> Scored:
        """The passages of all other authors."""
        chosen = [index for index, row in enumerate(self.rows) if row.author not in authors]
        return Scored([self.rows[index] for index in chosen], self.raw[chosen])

    def calibration(self, rows: Sequence[LabelledPassage], raw: Floats, columns: Columns) -> Calibration:
        """Fit a calibration on ``rows`` of submissions with their scores and on these passages together."""
        together = [*rows, *self.rows]
        return Calibration.fit(np.concatenate([raw, self.raw]), targets_of(together, columns), columns)


def held_out_judgements(
    rubric: Rubric,
    offices: Sequence[LabelledOffice],
    raw: Floats,
    beside: Scored,
    fresh: Collection[str] | None = None,
) -> list[tuple[LabelledOffice, list[Item], Judgement]]:
    """Judge each office with calibration and settings learnt from the other authors' offices.

    Args:
        raw: (n, columns) out-of-fold scores of all rows of ``offices`` in order, not calibrated.
        beside: passages of no submission that calibration is fitted on as well.
        fresh: the offices that teach how far an empty list is to be believed; None for all.
    """
    columns = Columns.of(rubric)
    rows = [row for office in offices for row in office.rows]
    fold = folds_of(rows, min(_FOLDS, len(offices)))
    fold_of = {row.office: int(part) for row, part in zip(rows, fold, strict=True)}
    judged = []
    for part in np.unique(fold).tolist():
        learnt = np.flatnonzero(fold != part).tolist()
        held = {rows[i].author for i in np.flatnonzero(fold == part).tolist()}
        calibration = beside.without(held).calibration([rows[i] for i in learnt], raw[learnt], columns)
        scores = by_office(rows, calibration.apply(raw))
        others = [office for office in offices if fold_of[office.id] != part]
        settings = learn_settings(rubric, others, scores, columns, fresh)
        for office in offices:
            if fold_of[office.id] == part:
                judged.append((office, *_judged(rubric, office, scores, columns, settings)))
    return judged


def _judged(
    rubric: Rubric,
    office: LabelledOffice,
    scores: Mapping[str, Floats],
    columns: Columns,
    settings: JudgementSettings,
) -> tuple[list[Item], Judgement]:
    items = items_of(rubric, office.rows, scores[office.id], columns)
    return items, judge(
        rubric, items, settings=settings, fiscal_year=office.fiscal_year, office=office.office
    )


def held_out_evaluation(
    rubric: Rubric,
    offices: Sequence[LabelledOffice],
    raw: Floats,
    beside: Scored,
    fresh: Collection[str] | None = None,
    rounds: int = 200,
) -> Evaluation:
    """Evaluate :func:`held_out_judgements` against the offices' own labels."""
    judged = held_out_judgements(rubric, offices, raw, beside, fresh)
    drafts = [draft_of_judgement(office.id, items, judgement) for office, items, judgement in judged]
    return evaluate([gold_of(office) for office, _, _ in judged], drafts, rounds)
