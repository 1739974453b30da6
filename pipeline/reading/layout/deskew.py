"""Turns boxes read in a page turned upright back onto the page as it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import cos, radians, sin

from pipeline.blocks import Block, Box
from pipeline.reading.layout.pages import PageReading


def turned_back(block: Block, tilted: Mapping[int, PageReading]) -> Block:
    """Return ``block`` with the boxes on tilted pages moved onto the page as shown."""
    own = tilted.get(block.page or 0)
    boxes = tuple(_turned(box, own) for box in block.boxes) if own else block.boxes
    more = tuple(
        (page, _turned(box, tilted[page]) if page in tilted else box) for page, box in block.more_boxes
    )
    return replace(block, boxes=boxes, more_boxes=more)


def _turned(box: Box, page: PageReading) -> Box:
    """Turn a box about the middle of the picture, against the turn that made the picture upright."""
    angle = radians(page.tilt)
    frame = page.frame
    sideways = frame != (page.width, page.height)
    middle = (box.x0 + box.x1) / 2 - frame[0] / 2, (box.y0 + box.y1) / 2 - frame[1] / 2
    x = page.width / 2 + middle[0] * cos(angle) + middle[1] * sin(angle)
    y = page.height / 2 - middle[0] * sin(angle) + middle[1] * cos(angle)
    across, down = (box.x1 - box.x0) / 2, (box.y1 - box.y0) / 2
    if sideways:
        across, down = down, across
    return Box(
        min(max(x - across, 0.0), page.width),
        min(max(y - down, 0.0), page.height),
        min(max(x + across, 0.0), page.width),
        min(max(y + down, 0.0), page.height),
    )
