"""After a case is finished: learning is asked whether it is time to retrain.

The wish is only written down. Training is started by the flow ``retrain`` or by ``khetcheck retrain``, never by the web
process; and whatever goes wrong here, the case is finished.
"""

from __future__ import annotations

import logging

from pipeline.learning import triggers
from pipeline.review.web.context import Desk

LOG = logging.getLogger(__name__)


def ask_for_training(desk: Desk) -> None:
    """Write down that a training is wanted where enough cases were reviewed; called when a case was finished."""
    try:
        with desk.store.reading() as work:
            due = triggers.due_by_count(work)
        if due is not None:
            with desk.in_turn():
                triggers.ask(desk.store, due)
    except Exception:
        LOG.exception("asking for a training failed; the case is finished all the same")
