"""What judging costs, in the unit that plans are made in: CPU seconds per 1,000 pages.

Measured on the texts at hand with the model in use, nothing kept from before; reading the files is not in it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from models.passages import Passage
from models.scoring.model import LoadedModel

BLOCKS_A_PAGE = 25
_PAGES = 1000
_A_SUBMISSION = 300
"""Passages that screening hands over at once; one at a time would cost more."""


def seconds_per_1000_pages(model: LoadedModel, passages: Sequence[Passage]) -> float:
    """Return CPU seconds (all threads) of judging 1,000 pages of 25 blocks like ``passages``; NaN without passages."""
    if not passages:
        return float("nan")
    model.predict(passages[:1])  # dictionaries and network are loaded once a process, not once a page
    started = time.process_time()
    for first in range(0, len(passages), _A_SUBMISSION):
        model.predict(passages[first : first + _A_SUBMISSION])
    return (time.process_time() - started) / len(passages) * BLOCKS_A_PAGE * _PAGES
