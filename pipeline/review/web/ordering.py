"""Making the order of work anew from the page: when a lead asks or marks something, and when cases came that have no place.

The order is made while others go on writing; only keeping it takes a turn.
"""

from __future__ import annotations

import logging

from pipeline.learning.ordering.places import has_unplaced, keep_order, make_order
from pipeline.review.web.context import Context

LOG = logging.getLogger(__name__)


def order_anew(context: Context) -> None:
    """Make the order of work anew."""
    with context.store.reading() as work:
        places = make_order(work)
    with context.writing() as work:
        keep_order(work, places)


def place_newcomers(context: Context) -> None:
    """Make the order anew where cases came since; called when a case was finished, which stands whatever happens here."""
    try:
        with context.store.reading() as work:
            due = has_unplaced(work)
        if due:
            order_anew(context)
    except Exception:
        LOG.exception("the order of work could not be made; the case is finished all the same")
