"""How a model does on single passages: ``python -m benchmarks.passages FILE.jsonl [--quick]``.

FILE holds one passage a line (``text``, ``point`` or null, ``role``, further labels alike in ``also``), judged without
heading, table or document. A flag is right where any label of the passage is practice of that point, and each of them is wanted.
Printed are practice recall and precision, and the share of passages without a point that are flagged, at the model's thresholds
and at others. It is meant for real text of other bodies, on which a model trained on written text shows how much that flatters.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.passages import Passage
from models.registry.registry import load_model

Row = Mapping[str, Any]
Flags = NDArray[np.bool_]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    rows = [json.loads(line) for line in arguments.file.read_text("utf-8").splitlines()]
    model = load_model(None, None, quick=arguments.quick)
    points = list(model.columns.points)
    predictions = model.predict([Passage(row["text"], document_kind="other") for row in rows])
    likely = np.array([[p.practice[point] for point in points] for p in predictions])
    wanted, silent = wanted_of(rows, points), silent_of(rows)
    own = np.array([model.judgement.threshold(point) for point in points])
    print(f"{model.id}: {len(rows)} passages, {wanted.sum()} practice, {silent.sum()} without a point")
    for name, least in (
        ("own", own),
        *((f"{t:.2f}", np.full(len(points), t)) for t in (0.1, 0.2, 0.3, 0.5, 0.7)),
    ):
        flagged = likely >= least
        right = (flagged & wanted).sum()
        print(
            f"threshold {name:>4}: recall {right / wanted.sum():.2f} precision {right / max(1, flagged.sum()):.2f} "
            f"flagged of those without a point {flagged[silent].any(1).mean():.3f}"
        )


def labels_of(row: Row) -> list[Row]:
    """The labels of a passage, the first and those in ``also``."""
    return [label for label in (row, *row.get("also", ())) if label["point"] is not None]


def wanted_of(rows: Sequence[Row], points: Sequence[int]) -> Flags:
    """Return (n, points): some label of the passage is practice of the point."""
    practised = [{label["point"] for label in labels_of(row) if label["role"] == "practice"} for row in rows]
    return np.array([[point in own for point in points] for own in practised], np.bool_)


def silent_of(rows: Sequence[Row]) -> Flags:
    """Return (n,): the passage carries no label at all."""
    return np.array([not labels_of(row) for row in rows], np.bool_)


if __name__ == "__main__":
    main()
