"""Makes blocks from the pages that arrived: running heads dropped, paragraphs joined, headings and tables carried."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.blocks import Block
from pipeline.reading.pages import PageReading


def assemble(pages: Sequence[PageReading]) -> list[Block]:
    """Make the document's blocks from the pages read, in order; pure, so it may run in parent or child."""
    raise NotImplementedError
