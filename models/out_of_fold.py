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


def folds_of(rows: Sequence[LabelledPassage], folds: int) -> NDArray[np.int64]:
    """Assign each row a fold, whole authors together (whole offices where there are fewer authors than folds).

    The largest groups are dealt first, each to the fold that has the fewest rows, so that folds are of like size.
    """
    groups = [row.author for row in rows]
    if len(set(groups)) < folds:
        groups = [f"{row.author}/{row.office}" for row in rows]
    names, counts = np.unique(groups, return_counts=True)
    sizes = np.zeros(folds)
    chosen: dict[str, int] = {}
    for index in np.argsort(-counts, kind="stable"):
        smallest = int(sizes.argmin())
        chosen[str(names[index])] = smallest
        sizes[smallest] += counts[index]
    return np.array([chosen[group] for group in groups], np.int64)


def out_of_fold(rows: Sequence[LabelledPassage], columns: Columns, train: Train, folds: int = 5) -> Floats:
    """Return (n, columns) scores of ``rows``, each by a model trained on the other folds."""
    fold = folds_of(rows, folds)
    scores = np.zeros((len(rows), len(columns)), np.float32)
    for index in np.unique(fold):
        held = np.flatnonzero(fold == index).tolist()
        answer = train([rows[i] for i in np.flatnonzero(fold != index).tolist()])
        scores[held] = answer([rows[i].passage for i in held])
    return scores
