"""The title page of a document: what says whose it is, of which year and of what kind."""

from __future__ import annotations

from pipeline.blocks import Block, DocumentReading

TITLE_BLOCKS = 15


def title_zone(reading: DocumentReading) -> tuple[Block, ...]:
    """Return the blocks of a cover and title page: the first page's, at most fifteen."""
    first = reading.blocks[0].page if reading.blocks else None
    return tuple(block for block in reading.blocks[:TITLE_BLOCKS] if block.page in (first, None))
