"""What more text would bring, and what each part of the model is worth: ``python -m models.training.curves``.

Learning curve: the light model trained on growing shares of the offices. Ablation: keywords alone, words without their
context, words with it, the encoder, and both. All on authors that were never trained on, with intervals over offices.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.columns import Columns, Floats, targets_of
from models.labelled import CORPUS, LabelledOffice, LabelledPassage, load_corpus, without_context
from models.measuring.measures import Interval, average_precision, bootstrap
from models.out_of_fold import Train, folds_of, out_of_fold
from models.passages import Passage
from models.scoring.model import blend
from models.scoring.words import WordsModel
from models.training.train import FULL, Encoded, bundled_encoded
from models.training.tuning import best_threshold
from rubric import Rubric, load_rubric

_SHARES = (0.125, 0.25, 0.5, 1.0)
_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table: what was trained, on how much, and what it reached on authors it never saw."""

    name: str
    passages: int
    f1: Interval
    average_precision: Interval


def figures_of(
    rows: Sequence[LabelledPassage], scores: Floats, rubric: Rubric, name: str, trained_on: int
) -> Step:
    """F1 (thresholds of each fold learnt on the others) and average precision of practice, over all points."""
    columns = Columns.of(rubric)
    truth = targets_of(rows, columns).values[:, columns.practice]
    practice = np.where([[row.passage.type == "heading"] for row in rows], 0, scores[:, columns.practice])
    said = _decided(practice, truth, folds_of(rows, 5))
    offices = np.array([row.office for row in rows])
    places = [np.flatnonzero(offices == office) for office in dict.fromkeys(offices.tolist())]
    return Step(
        name,
        trained_on,
        bootstrap(places, lambda chosen: _f1(truth, said, np.concatenate(chosen)), _ROUNDS),
        bootstrap(
            places, lambda chosen: _average_precision(truth, practice, np.concatenate(chosen)), _ROUNDS
        ),
    )


def _decided(practice: Floats, truth: Floats, fold: NDArray[np.int64]) -> NDArray[np.bool_]:
    said = np.zeros(practice.shape, np.bool_)
    for part in np.unique(fold):
        held = fold == part
        said[held] = practice[held] >= best_threshold(practice[~held].ravel(), truth[~held].ravel())
    return said


def _f1(truth: Floats, said: NDArray[np.bool_], chosen: NDArray[np.int64]) -> float:
    both = float((truth[chosen] * said[chosen]).sum())
    return 2 * both / max(1.0, float(truth[chosen].sum() + said[chosen].sum()))


def _average_precision(truth: Floats, practice: Floats, chosen: NDArray[np.int64]) -> float:
    return float(
        np.nanmean([average_precision(truth[chosen, p], practice[chosen, p]) for p in range(truth.shape[1])])
    )


def ablation(rubric: Rubric, offices: Sequence[LabelledOffice], encoded: Encoded | None) -> Iterator[Step]:
    """What each part is worth, on the offices for which the encoder's scores are known (all without an encoder)."""
    columns = Columns.of(rubric)
    rows = [row for office in offices for row in office.rows]
    bare = [without_context(row) for row in rows]
    names = {row.office for row, known in zip(rows, _known(rows, encoded), strict=True) if not known}
    chosen = [place for place, row in enumerate(rows) if row.office not in names]
    measured = [rows[place] for place in chosen]
    variants: list[tuple[str, list[LabelledPassage], tuple[str, ...]]] = [
        ("keywords and place", rows, ()),
        ("words, no context", bare, ("text",)),
        ("words with context", rows, ("text", "context")),
    ]
    scores = np.zeros((len(rows), len(columns)), np.float32)
    for name, given, channels in variants:
        scores = out_of_fold(given, columns, _trainer(rubric, channels))
        yield figures_of(measured, scores[chosen], rubric, name, len(rows))
    if encoded is not None:
        yield figures_of(measured, encoded.scores[chosen], rubric, "encoder", len(rows))
        both = blend([(scores, FULL["words"]), (encoded.scores, FULL["encoder"])], columns)
        yield figures_of(measured, both[chosen], rubric, "words and encoder", len(rows))


def _known(rows: Sequence[LabelledPassage], encoded: Encoded | None) -> Sequence[bool]:
    return [True] * len(rows) if encoded is None else encoded.known.tolist()


def _trainer(rubric: Rubric, channels: Sequence[str]) -> Train:
    return lambda rows: WordsModel.train(rubric, rows, channels=channels).scores


def learning_curve(rubric: Rubric, offices: Sequence[LabelledOffice], seed: int = 0) -> Iterator[Step]:
    """The light model on growing shares of the other authors' offices, drawn by ``seed``."""
    columns = Columns.of(rubric)
    rows = [row for office in offices for row in office.rows]
    random = np.random.default_rng(seed)
    for share in _SHARES:
        used: list[int] = []
        scores = out_of_fold(rows, columns, partial(_on_a_share, rubric, share, random, used))
        yield figures_of(
            rows, scores, rubric, f"words, {share:.1%} of the offices", round(float(np.mean(used)))
        )


def _on_a_share(
    rubric: Rubric,
    share: float,
    random: np.random.Generator,
    used: list[int],
    rows: Sequence[LabelledPassage],
) -> Callable[[Sequence[Passage]], Floats]:
    """Train on the offices that fall into the share, and note how many passages that were."""
    names = sorted({row.office for row in rows})
    kept = set(random.permutation(names)[: max(2, round(share * len(names)))].tolist())
    part = [row for row in rows if row.office in kept]
    used.append(len(part))
    return WordsModel.train(rubric, part).scores


def main() -> None:
    """Print both tables as Markdown."""
    parser = argparse.ArgumentParser(prog="python -m models.training.curves", description=__doc__)
    parser.add_argument("--corpus", type=Path, action="append")
    parser.add_argument("--rubric", default="esa-2560-1.1")
    parser.add_argument("--only", choices=["learning", "ablation"])
    arguments = parser.parse_args()
    rubric = load_rubric(arguments.rubric)
    offices = load_corpus(arguments.corpus or [CORPUS], rubric)
    print("| model | passages | F1 | 95 % | AP | 95 % |\n| --- | --- | --- | --- | --- | --- |", flush=True)
    if arguments.only != "learning":
        for step in ablation(rubric, offices, bundled_encoded(offices)):
            print(_line(step), flush=True)
    if arguments.only != "ablation":
        for step in learning_curve(rubric, offices):
            print(_line(step), flush=True)


def _line(step: Step) -> str:
    f1, ap = step.f1, step.average_precision
    return (
        f"| {step.name} | {step.passages:,} | {f1.value:.3f} | {f1.low:.3f} – {f1.high:.3f} "
        f"| {ap.value:.3f} | {ap.low:.3f} – {ap.high:.3f} |"
    )


if __name__ == "__main__":
    main()
