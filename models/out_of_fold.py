"""Scores of passages by models that never saw their author: the honest ground for calibration and thresholds.

Random folds flatter (.84 on own folds, .72 on others' text): people write alike within an office and an author. So whole
authors are held out in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from models.columns import Columns, Floats
from models.labelled import LabelledPassage
from models.passages import Passage

Train = Callable[[Sequence[LabelledPassage]], Callable[[Sequence[Passage]], Floats]]
"""Takes labelled rows, returns a function that scores passages."""
Answers = Callable[[Sequence[int], Sequence[int]], Floats]
"""Takes the places of the rows to learn from and of those held out, returns what is said of the latter."""


def folds_of(rows: Sequence[LabelledPassage], folds: int) -> NDArray[np.int64]:
    """Assign each row a fold, whole authors together (whole offices where there are fewer authors than folds).

    The largest groups are dealt first, each to the fold that has the fewest rows, so that folds are of like size
    (:class:`sklearn.model_selection.GroupKFold`). With fewer groups than folds the last folds stay empty.
    No two authors of the bundled corpus have as many rows, so its folds do not hang on how the library breaks ties.
    """
    from sklearn.model_selection import GroupKFold

    groups = [row.author for row in rows]
    if len(set(groups)) < folds:
        groups = [f"{row.author}/{row.office}" for row in rows]
    fold = np.zeros(len(rows), np.int64)
    if (dealt := min(folds, len(set(groups)))) > 1:
        for index, (_, held) in enumerate(GroupKFold(dealt).split(rows, groups=groups)):
            fold[held] = index
    return fold


def out_of_fold(rows: Sequence[LabelledPassage], columns: Columns, train: Train, folds: int = 5) -> Floats:
    """Return (n, columns) scores of ``rows``, each by a model trained on the other folds."""

    def answers(rest: Sequence[int], held: Sequence[int]) -> Floats:
        return train([rows[i] for i in rest])([rows[i].passage for i in held])

    return each_fold(rows, columns, answers, folds)


def each_fold(rows: Sequence[LabelledPassage], columns: Columns, answers: Answers, folds: int = 5) -> Floats:
    """Return (n, columns) answers for ``rows``, each fold's from what is known of the others."""
    fold = folds_of(rows, folds)
    made = np.zeros((len(rows), len(columns)), np.float32)
    for index in np.unique(fold):
        held = np.flatnonzero(fold == index).tolist()
        made[held] = answers(np.flatnonzero(fold != index).tolist(), held)
    return made
