"""Time and memory of one retraining with many reviewed offices: ``python -m benchmarks.learning.retraining [--offices 245]``.

The corpus holds fewer offices than a round, so its offices are taken again and again under other names, each time with a fifth of
the passages left out. Words alone unless ``--full``: the bundled encoder adds the encoding of each new case once.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from models.labelled import CORPUS, LabelledOffice, load_corpus
from models.retraining.simulated_reviewers import reviewed
from pipeline.learning import triggers
from pipeline.learning.retraining import Options, retrain
from pipeline.store.database import Store
from pipeline.store.tables import ImportedCase
from rubric import load_rubric


def copies(offices: list[LabelledOffice], count: int) -> list[LabelledOffice]:
    """``count`` offices, the given ones over and over, each copy without a random fifth of its passages."""
    random = np.random.default_rng(0)
    made = []
    for number in range(count):
        office = offices[number % len(offices)]
        rows = [row for row in office.rows if random.random() > 0.2]
        made.append(replace(office, id=f"{office.id}-{number}", rows=tuple(rows)))
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offices", type=int, default=245)
    parser.add_argument("--full", action="store_true")
    arguments = parser.parse_args()
    rubric = load_rubric("esa-2560-1.1")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        store = Store.at(home)
        with store.transaction() as session:
            for number, office in enumerate(copies(load_corpus([CORPUS], rubric), arguments.offices)):
                case = reviewed(rubric, office, number=number)
                session.add(ImportedCase(key=case.key, submission=case.submission, content=case.as_line()))
        training = triggers.ask(store, triggers.Due("hand:benchmark", "hand", arguments.offices))
        assert training is not None
        wall, cpu = time.monotonic(), time.process_time()
        outcome = retrain(store, home, rubric, training, Options(quick=not arguments.full))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(
            f"{arguments.offices} offices: {outcome.state}, {(time.monotonic() - wall) / 60:.1f} minutes "
            f"({(time.process_time() - cpu) / 60:.1f} of CPU), {memory:.2f} GiB"
        )
        store.close()


if __name__ == "__main__":
    main()
