"""Drafts of labelled offices by models that never saw them, from scores made out of fold: what a card reports.

Thresholds, states and calibration are learnt anew without the offices in hand, so that nothing that is measured was
also learnt from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from models.columns import Columns, Floats, targets_of
from models.judging.judged import Item, Judgement
from models.judging.judgement import judge
from models.judging.thresholds import JudgementSettings
from models.labelled import LabelledOffice
from models.measuring.evaluation import Evaluation, draft_of_judgement, evaluate
from models.measuring.gold import gold_of
from models.out_of_fold import folds_of
from models.scoring.calibration import Calibration
from models.training.tuning import by_office, items_of, learn_settings
from rubric import Rubric

_FOLDS = 5
"""Parts into which the authors are split."""


def held_out_judgements(
    rubric: Rubric,
    offices: Sequence[LabelledOffice],
    raw: Floats,
) -> list[tuple[LabelledOffice, list[Item], Judgement]]:
    """Judge each office with calibration and settings learnt from the other authors' offices.

    Args:
        raw: (n, columns) out-of-fold scores of all rows of ``offices`` in order, not calibrated.
    """
    columns = Columns.of(rubric)
    rows = [row for office in offices for row in office.rows]
    fold = folds_of(rows, min(_FOLDS, len(offices)))
    fold_of = {row.office: int(part) for row, part in zip(rows, fold, strict=True)}
    judged = []
    for part in np.unique(fold).tolist():
        learnt = np.flatnonzero(fold != part).tolist()
        calibration = Calibration.fit(raw[learnt], targets_of([rows[i] for i in learnt], columns), columns)
        scores = by_office(rows, calibration.apply(raw))
        others = [office for office in offices if fold_of[office.id] != part]
        settings = learn_settings(rubric, others, scores, columns)
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
    rounds: int = 200,
) -> Evaluation:
    """Evaluate :func:`held_out_judgements` against the offices' own labels."""
    judged = held_out_judgements(rubric, offices, raw)
    drafts = [draft_of_judgement(office.id, items, judgement) for office, items, judgement in judged]
    return evaluate([gold_of(office) for office, _, _ in judged], drafts, rounds)
