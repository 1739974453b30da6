"""``python -m models.encoder INTO [--work DIR]``: build the bundled encoder from the corpus."""

from __future__ import annotations

import argparse
from pathlib import Path

from models.columns import Columns
from models.encoder.build import Workshop
from models.labelled import CORPUS, load_corpus
from rubric import load_rubric


def main() -> None:
    """Fetch the starting weights, teach, and write the encoder's folder."""
    parser = argparse.ArgumentParser(prog="python -m models.encoder", description=__doc__)
    parser.add_argument("into", type=Path, help="folder to write, e.g. models/default/encoder")
    parser.add_argument(
        "--work",
        type=Path,
        default=Path("build/encoder"),
        help="folder for the downloaded weights and the encoders taught so far",
    )
    parser.add_argument("--rubric", default="esa-2560-1.1")
    arguments = parser.parse_args()
    rubric = load_rubric(arguments.rubric)
    rows = [row for office in load_corpus([CORPUS], rubric) for row in office.rows]
    Workshop(rows, Columns.of(rubric), arguments.work).build(arguments.into)


if __name__ == "__main__":
    main()
