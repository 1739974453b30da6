"""How well an encoder ranks practice in the text of authors that it had not seen, by author.

    python -m benchmarks.unseen aa ac [--encoder FOLDER]

Without ``--encoder`` the kept unseen scores of the shipped encoder are held against the labels; with it the passages are read by
the encoder of that folder, say an older one from the repository's history, which had not seen text that came later.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score, precision_recall_curve

from models.columns import Columns, targets_of
from models.encoder.runtime import Encoder
from models.encoder.unseen import UnseenScores
from models.labelled import CORPUS, load_corpus
from rubric import load_rubric

SHIPPED = Path("models/default/encoder")


def main() -> None:
    """Print a line an author."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.unseen", description=__doc__)
    parser.add_argument("authors", nargs="+")
    parser.add_argument("--encoder", type=Path)
    arguments = parser.parse_args()
    rubric = load_rubric("esa-2560-1.1")
    columns = Columns.of(rubric)
    rows = [row for office in load_corpus([CORPUS], rubric) for row in office.rows]
    for author in arguments.authors:
        mine = [row for row in rows if row.author == author]
        if arguments.encoder:
            outputs = Encoder(arguments.encoder).logits([row.passage for row in mine])
        else:
            outputs, known = UnseenScores.load(SHIPPED).of(mine)
            mine = [row for row, is_known in zip(mine, known, strict=True) if is_known]
            outputs = outputs[known]
        truth = targets_of(mine, columns).values[:, columns.practice].ravel()
        said = outputs[:, columns.practice].ravel()
        precision, recall, _ = precision_recall_curve(truth, said)
        best = float(np.max(2 * precision * recall / np.maximum(precision + recall, 1e-9)))
        ranked = average_precision_score(truth, said)
        print(f"{author}: {len(mine)} passages, average precision {ranked:.3f}, best F1 {best:.3f}")


if __name__ == "__main__":
    main()
