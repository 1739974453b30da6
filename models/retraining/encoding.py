"""The frozen encoder's word on training rows: kept scores for bundled text, its own answers for text it never saw.

The encoder was taught on the bundled corpus, so for that text only the scores made before it had seen it are honest
(:func:`models.training.train.bundled_encoded`). Reviewed cases it never saw. Its answers are kept by the content of the case,
because encoding is the slowest step and a case does not change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.columns import Columns, Floats, targets_of
from models.labelled import LabelledOffice, LabelledPassage
from models.out_of_fold import each_fold
from models.scoring.encoded import EncoderScorer, encoder_scores
from models.scoring.linear import LinearHeads, fit_heads
from models.training.train import Encoded, bundled_encoded
from rubric import Rubric

FEWEST_FOR_HEADS = 10
"""Reviewed offices from which on heads of their own are trained on the encoder's vectors."""
_STRENGTH = {"practice": 0.5, "topic": 0.5, "role": 0.5, "facet": 0.5, "detail": 0.5}


def encoded_for(
    rubric: Rubric, bundled: Sequence[LabelledOffice], reviewed: Sequence[LabelledOffice], cache: Path
) -> Encoded | None:
    """Return what the encoder says of all rows, bundled first; None where no encoder with honest scores is there."""
    known = bundled_encoded(bundled)
    columns = Columns.of(rubric)
    if known is None or known.scorer.encoder.columns != columns:
        return None
    if not reviewed:
        return known
    answers = [answers_of(known.scorer, office, cache) for office in reviewed]
    outputs = np.concatenate([made for _, made in answers])
    scorer = EncoderScorer(known.scorer.encoder)
    if len(reviewed) >= FEWEST_FOR_HEADS:
        vectors = np.concatenate([made for made, _ in answers])
        rows = [row for office in reviewed for row in office.rows]
        scorer = EncoderScorer(known.scorer.encoder, _heads(rows, vectors, columns))
        outputs = (outputs + _unseen_logits(rows, vectors, columns)) / 2
    scores = encoder_scores(outputs, outputs, None, columns)
    return Encoded(
        np.concatenate([known.scores, scores]),
        np.concatenate([known.known, np.ones(len(scores), np.bool_)]),
        scorer,
        None if known.fresh is None else known.fresh | {office.id for office in reviewed},
    )


def answers_of(scorer: EncoderScorer, office: LabelledOffice, cache: Path) -> tuple[Floats, Floats]:
    """Return vectors and outputs of an office's rows, from the cache where they were computed before."""
    digest = hashlib.sha256(scorer.encoder.hash.encode())
    for row in office.rows:
        digest.update(repr(row.passage).encode())
    path = cache / f"{digest.hexdigest()[:32]}.npz"
    if path.exists():
        with np.load(path, allow_pickle=False) as kept:
            return kept["vectors"].astype(np.float32), kept["outputs"].astype(np.float32)
    made = scorer.encoder.encode([row.passage for row in office.rows])
    cache.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part.npz")
    np.savez_compressed(beside, vectors=made.vectors, outputs=made.outputs)
    beside.replace(path)
    return made.vectors, made.outputs


def _heads(rows: Sequence[LabelledPassage], vectors: Floats, columns: Columns) -> LinearHeads:
    return fit_heads(vectors, targets_of(rows, columns), columns, _STRENGTH)


def _unseen_logits(rows: Sequence[LabelledPassage], vectors: Floats, columns: Columns) -> Floats:
    """Logits of each row by heads that never saw its office."""

    def answers(rest: Sequence[int], held: Sequence[int]) -> Floats:
        return _heads([rows[i] for i in rest], vectors[rest], columns).logits(vectors[held])

    return each_fold(rows, columns, answers)
