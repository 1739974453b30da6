"""What the first look spares: ``python -m benchmarks.closer_look [FOLDER]``.

The words model decides which passages the encoder reads (models/scoring/model.py). For several thresholds this prints
the share of passages without a label that are still read and the practice passages that would be lost, on labelled
offices: those in FOLDER (the corpus format), or the corpus itself, scored by words that never saw the author.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from models.columns import Columns, Floats, targets_of
from models.labelled import CORPUS, LabelledPassage, load_office, office_folders
from models.out_of_fold import out_of_fold
from models.registry.registry import BUNDLED
from models.scoring.words import WordsModel
from rubric import load_rubric

RUBRIC = load_rubric("esa-2560-1.1")
COLUMNS = Columns.of(RUBRIC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "folder", type=Path, nargs="?", help=f"labelled offices (default: {BUNDLED.parent.name} corpus)"
    )
    folder = parser.parse_args().folder
    rows = rows_of(folder or CORPUS)
    report(rows, unseen_scores(rows, folder))


def rows_of(folder: Path) -> list[LabelledPassage]:
    return [row for office in office_folders([folder]) for row in load_office(office, RUBRIC).rows]


def unseen_scores(rows: list[LabelledPassage], folder: Path | None) -> Floats:
    if folder is None:
        return out_of_fold(rows, COLUMNS, lambda train: WordsModel.train(RUBRIC, train).scores)
    return WordsModel.train(RUBRIC, rows_of(CORPUS)).scores([row.passage for row in rows])


def report(rows: list[LabelledPassage], scores: Floats) -> None:
    values = targets_of(rows, COLUMNS).values
    practice, silent = values[:, COLUMNS.practice].any(1), ~values[:, COLUMNS.topic].any(1)
    heading = np.array([row.passage.type == "heading" for row in rows])
    likely = scores[:, COLUMNS.practice.start : COLUMNS.topic.stop].max(1)
    print(f"{len(rows)} passages, {practice.sum()} practice")
    for threshold in (0.005, 0.01, 0.02, 0.03, 0.05, 0.1):
        read = (likely >= threshold) & ~heading
        print(
            f"from {threshold:<5}: {read[silent].mean():.2f} of the silent read, {(practice & ~read).sum()} practice lost"
        )


if __name__ == "__main__":
    main()
