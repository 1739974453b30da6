"""Does a fact count as much in a long passage as alone? ``python -m benchmarks.long_passages FOLDER [--quick]``.

FOLDER holds labelled offices (the corpus' format) that the model has not seen. Each practice paragraph of up to 400 characters is
judged as it stands, and once more amid paragraphs of the same office that carry no label, 1,000 to 2,500 characters in
all, at a place drawn by ``--seed``. Printed are the recall of both, and how many long passages without any label are flagged.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.labelled import LabelledPassage, load_office, office_folders
from models.passages import Passage
from models.registry.registry import load_model
from models.scoring.model import LoadedModel
from rubric import load_rubric

SHORT, LEAST, MOST = 400, 1000, 2500
Flags = NDArray[np.bool_]


def main() -> None:
    """Print recall alone and amid other text."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.long_passages", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--times", type=int, default=3, help="long forms of each passage")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rubric, chance = load_rubric("esa-2560-1.1"), random.Random(given.seed)
    model = load_model(None, None, quick=given.quick)
    short, long, empty = [], [], []
    for folder in office_folders([given.folder]):
        rows = [row for row in load_office(folder, rubric).rows if row.passage.type == "paragraph"]
        silent = [row.passage.text for row in rows if not row.labels]
        for row in rows:
            if len(row.passage.text) > SHORT or not practised(row):
                continue
            for _ in range(given.times):
                short.append(row)
                long.append(replace(row.passage, text=amid(row.passage.text, silent, chance)))
                empty.append(replace(row.passage, text=amid("", silent, chance)))
    wanted = np.array([[point in practised(row) for point in model.columns.points] for row in short])
    print(f"{model.id}: {len(short) // given.times} passages, {given.times} long forms each")
    lengths = [len(passage.text) for passage in long]
    for name, passages in (("alone", [row.passage for row in short]), ("amid other text", long)):
        print(f"{name}: recall {(flagged(model, passages) & wanted).sum() / wanted.sum():.3f}")
    print(f"long passages: {min(lengths)} to {max(lengths)} characters, {np.mean(lengths):.0f} on average")
    print(f"without any label: {flagged(model, empty).any(1).mean():.3f} flagged")


def practised(row: LabelledPassage) -> set[int]:
    """The points that a passage is practice of."""
    return {label.point for label in row.labels if label.role == "practice"}


def amid(text: str, silent: Sequence[str], chance: random.Random) -> str:
    """Put a passage among others, so that the whole is as long as a long paragraph."""
    aim = chance.uniform(LEAST + 200, MOST - 300)
    others: list[str] = []
    for other in _shuffled(silent, chance):
        if len(text) + sum(map(len, others)) >= aim:
            break
        if len(other) < MOST - aim:
            others.append(other)
    if text:
        others.insert(chance.randint(0, len(others)), text)
    return " ".join(others)[:MOST]


def flagged(model: LoadedModel, passages: Sequence[Passage]) -> Flags:
    """Return (n, points) at the model's own thresholds."""
    points = model.columns.points
    least = np.array([model.judgement.threshold(point) for point in points])
    likely = np.array([[p.practice[point] for point in points] for p in model.predict(passages)])
    flags: Flags = likely >= least
    return flags


def _shuffled(texts: Sequence[str], chance: random.Random) -> Iterator[str]:
    while True:
        yield from chance.sample(list(texts), len(texts))


if __name__ == "__main__":
    main()
