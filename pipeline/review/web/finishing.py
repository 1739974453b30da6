"""After a case is finished: learning is asked whether it is time to retrain.

The wish is only written down. Training is started by the flow ``retrain`` or by ``khetcheck retrain``, never by the web
process; and whatever goes wrong here, the case is finished.
"""

from __future__ import annotations

import logging

from pipeline.learning import triggers
from pipeline.review.web.context import Context

LOG = logging.getLogger(__name__)


def ask_for_training(context: Context) -> None:
    """Write down that a training is wanted where enough cases were reviewed; called when a case was finished."""
    try:
        with context.store.reading() as work:
            due = triggers.due_by_count(work)
        if due is not None:
            with context.in_turn():
                triggers.ask(context.store, due)
    except Exception:
        LOG.exception("asking for a training failed; the case is finished all the same")
