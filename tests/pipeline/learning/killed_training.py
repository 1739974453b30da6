"""A training in a process of its own that kills itself with SIGKILL at the step named on the command line."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from models.retraining import challenger
from models.retraining.champion import Rule
from pipeline.learning import triggers
from pipeline.learning.retraining import Options, retrain
from pipeline.store.database import Store
from rubric import load_rubric

EASY = Rule(margin=2.0, reliability=1.0, offices=0, anchor=1.0, doubt=1.0)
"""Promotes anything: the test is about what a kill leaves behind."""


def main() -> None:
    home, corpus, deadly = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    challenger.FOLDS = 2  # quicker; what it learns does not matter here
    store = Store.at(home)
    training = triggers.ask(store, triggers.Due(f"hand:{deadly}", "hand", 0))
    assert training is not None

    def on_step(step: str) -> None:
        if step == deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    retrain(store, home, load_rubric("esa-2560-1.1"), training, Options((corpus,), EASY, quick=True), on_step)


if __name__ == "__main__":
    main()
