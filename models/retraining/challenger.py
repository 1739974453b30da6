"""Training a challenger: bundled corpus and reviewed cases together, weighted, tuned and calibrated inside the training part.

Two things are measured on the way that no held-out office can tell. The *anchor*: whether text that is known to be right is
read worse once reviewed cases are learnt from. The *doubt*: how many plain marks contradict what all other text says; spoilt
labels show there even when the held-out ones are spoilt alike.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.columns import Columns, Floats
from models.labelled import LabelledOffice, LabelledPassage
from models.retraining.encoding import encoded_for
from models.retraining.labels import SAID, Taught
from models.scoring.words import WordsModel
from models.training.train import Trained, corpus_hash, train
from models.training.tuning import best_threshold, practice_truth
from rubric import Rubric

REVIEWED_WEIGHT = 2.0
"""How much a reviewed passage counts beside one of the bundled corpus: it is the text that will be screened."""
FOLDS = 5
_SURE, _UNSURE = 0.85, 0.08
"""A mark is contradicted where text read alike says the opposite this surely."""


@dataclass(frozen=True)
class Challenger:
    """A trained challenger, with what was measured in training.

    Attributes:
        anchor: change of evidence F1 on bundled text of authors left out.
        doubt: share of plain marks contradicted; None without any.
        data_hash: hash of everything learnt from.
    """

    trained: Trained
    offices: int
    passages: int
    anchor: float
    doubt: float | None
    data_hash: str


def train_challenger(
    rubric: Rubric,
    bundled: Sequence[LabelledOffice],
    taught: Taught,
    cache: Path,
    *,
    seed: int = 0,
    quick: bool = False,
) -> Challenger:
    """Train on the bundled offices and what the reviews teach.

    Args:
        cache: folder for figures and vectors that stay the same between trainings.
        quick: words alone, without the encoder.

    Raises:
        CorpusError: too little to learn from.
    """
    reviewed = [weighted(office, REVIEWED_WEIGHT) for office in taught.offices]
    extra = [replace(row, weight=row.weight * REVIEWED_WEIGHT) for row in taught.extra]
    offices = [*bundled, *reviewed]
    encoded = None if quick else encoded_for(rubric, bundled, reviewed, cache / "vectors")
    trained = train(rubric, offices, extra, encoded=encoded, seed=seed, folds=FOLDS)
    calibration, _, _ = trained.modes["quick"]
    columns = Columns.of(rubric)
    # Out-of-fold scores are kept of submissions alone, bundled ones first: collections of passages have none.
    judged = [row for office in taught.offices if office.is_submission for row in office.rows]
    scores = calibration.apply(trained.raw["quick"])[len(trained.raw["quick"]) - len(judged) :]
    learnt = [*(row for office in reviewed for row in office.rows), *extra]
    return Challenger(
        trained=trained,
        offices=len(taught.offices),
        passages=taught.rows,
        anchor=anchor_of(rubric, bundled, learnt, cache, seed),
        doubt=doubt_of(rubric, judged, scores, columns),
        data_hash=corpus_hash(offices),
    )


def weighted(office: LabelledOffice, weight: float) -> LabelledOffice:
    """Return the office with all its rows' weights multiplied."""
    return replace(office, rows=tuple(replace(row, weight=row.weight * weight) for row in office.rows))


def anchor_of(
    rubric: Rubric,
    bundled: Sequence[LabelledOffice],
    taught: Sequence[LabelledPassage],
    cache: Path,
    seed: int = 0,
) -> float:
    """Return by how much F1 changes on bundled text of authors left out, once ``taught`` is learnt beside the others."""
    apart = anchor_authors(bundled)
    rows = [row for office in bundled if office.author not in apart for row in office.rows]
    judged = [row for office in bundled if office.author in apart for row in office.rows]
    if not rows or not judged:
        return 0.0
    path = cache / "anchor.json"
    key = f"{rubric.name} {corpus_hash(bundled)} {seed}"
    known = json.loads(path.read_text("utf-8")) if path.exists() else {}
    if key not in known:
        known = {key: _f1_on(rubric, rows, judged, seed)}
        cache.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".part")
        beside.write_text(json.dumps(known), "utf-8")
        beside.replace(path)
    return _f1_on(rubric, [*rows, *taught], judged, seed) - float(known[key])


def anchor_authors(bundled: Sequence[LabelledOffice]) -> set[str]:
    """Authors of about a quarter of the bundled offices, always the same."""
    authors = sorted({office.author for office in bundled})
    return set(authors[:: max(2, min(4, len(authors)))])


def _f1_on(
    rubric: Rubric, rows: Sequence[LabelledPassage], judged: Sequence[LabelledPassage], seed: int
) -> float:
    scores = WordsModel.train(rubric, rows, seed).scores([row.passage for row in judged])
    return best_f1(rubric, judged, scores, Columns.of(rubric))


def best_f1(rubric: Rubric, rows: Sequence[LabelledPassage], scores: Floats, columns: Columns) -> float:
    """Return the evidence F1 of scores at their best threshold."""
    truth = practice_truth(rubric, rows).ravel()
    practice = scores[:, columns.practice].ravel()
    said = practice >= best_threshold(practice, truth)
    total = float(said.sum() + truth.sum())
    return 2 * float((said & (truth > 0.5)).sum()) / total if total else 0.0


def doubt_of(
    rubric: Rubric, rows: Sequence[LabelledPassage], scores: Floats, columns: Columns
) -> float | None:
    """Return the share of plainly marked passages of which out-of-fold scores surely say the opposite.

    A passage is contradicted where a mark says practice of a point that it is almost surely not about, or where no mark says
    practice though it almost surely is.
    """
    plain = [index for index, row in enumerate(rows) if row.weight >= SAID]
    if not plain:
        return None
    truth = practice_truth(rubric, [rows[index] for index in plain]) > 0.5
    practice = scores[plain][:, columns.practice]
    against = (truth & (practice < _UNSURE)) | (~truth & (practice > _SURE))
    return float(np.mean(against.any(axis=1)))
