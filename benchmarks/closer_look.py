"""What the first look spares: ``python -m benchmarks.closer_look [FOLDER]``.

The words model decides which passages the encoder reads (models/scoring/model.py): those likely enough to be practice of a
point. For several thresholds this prints the share of all passages, and of those without a label, that are still read, and the
practice passages that are not, on labelled offices: those in FOLDER (the corpus format), or the corpus itself, scored by
words that never saw the author. Of the corpus it prints as well how many flags, right and wrong, of words and encoder together
are lost, the encoder's scores being those of encoders that had not seen the author either.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.columns import Columns, Floats, targets_of
from models.encoder.unseen import UnseenScores
from models.labelled import CORPUS, LabelledPassage, load_office, office_folders
from models.out_of_fold import out_of_fold
from models.registry.registry import BUNDLED, load_model
from models.scoring.encoded import BUNDLED_ENCODER, encoder_scores
from models.scoring.model import blend
from models.scoring.words import WordsModel
from rubric import load_rubric

Flags = NDArray[np.bool_]
RUBRIC = load_rubric("esa-2560-1.1")
COLUMNS = Columns.of(RUBRIC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "folder", type=Path, nargs="?", help=f"labelled offices (default: {BUNDLED.parent.name} corpus)"
    )
    folder = parser.parse_args().folder
    rows = rows_of(folder or CORPUS)
    words = unseen_scores(rows, folder)
    report(rows, words, None if folder else flags_of(rows, words))


def rows_of(folder: Path) -> list[LabelledPassage]:
    return [row for office in office_folders([folder]) for row in load_office(office, RUBRIC).rows]


def unseen_scores(rows: list[LabelledPassage], folder: Path | None) -> Floats:
    if folder is None:
        return out_of_fold(rows, COLUMNS, lambda train: WordsModel.train(RUBRIC, train).scores)
    return WordsModel.train(RUBRIC, rows_of(CORPUS)).scores([row.passage for row in rows])


def report(rows: list[LabelledPassage], scores: Floats, flagged: Flags | None) -> None:
    """Print a line a threshold; ``flagged`` (n, points) is what words and encoder flag, where that is known."""
    values = targets_of(rows, COLUMNS).values
    truth, silent = values[:, COLUMNS.practice] > 0, ~values[:, COLUMNS.topic].any(1)
    heading = np.array([row.passage.type == "heading" for row in rows])
    likely = scores[:, COLUMNS.practice].max(1)
    print(f"{len(rows)} passages, {truth.any(1).sum()} practice")
    for threshold in (0.005, 0.01, 0.02, 0.03, 0.05, 0.1):
        read = (likely >= threshold) & ~heading
        line = (
            f"from {threshold:<5}: {read[~heading].mean():.2f} of all and "
            f"{read[silent & ~heading].mean():.2f} of the silent read, {(truth.any(1) & ~read).sum()} practice not read"
        )
        if flagged is not None:
            lost = flagged & ~read[:, None] & ~heading[:, None]
            line += f", flags lost: {(lost & truth).sum()} right of {(flagged & truth).sum()}, {(lost & ~truth).sum()} wrong"
        print(line)


def flags_of(rows: list[LabelledPassage], words: Floats) -> Flags:
    """What words and encoder together flag of the corpus, each author unseen, where the encoder's scores are kept."""
    model = load_model(None, None)
    outputs, known = UnseenScores.load(BUNDLED_ENCODER).of(rows)
    (_, of_words), (_, of_encoder) = model.scorers
    encoder = encoder_scores(outputs, outputs, None, COLUMNS)
    both = blend([(words, of_words), (encoder, of_encoder)], COLUMNS)
    least = np.array([model.judgement.threshold(point) for point in COLUMNS.points])
    flagged: Flags = (model.calibration.apply(both)[:, COLUMNS.practice] >= least) & known[:, None]
    return flagged


if __name__ == "__main__":
    main()
