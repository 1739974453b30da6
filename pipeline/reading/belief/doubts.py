"""Marks lines and rows whose letters may be wrong, so that nobody takes them for evidence."""

from __future__ import annotations

from dataclasses import replace

from pipeline.reading.belief.quality import is_unsure
from pipeline.reading.layout.arrange import Elements
from pipeline.reading.layout.pages import TableRow, TextLine


def text_of(elements: Elements) -> str:
    """Return the text of a page, lines and cells parted by line ends."""
    return "\n".join(map(_text, elements))


def bold_text(elements: Elements) -> str:
    """Return the bold lines and rows of a page: they are set in a font of their own, which may be the damaged one."""
    return "\n".join(_text(element) for element in elements if element.bold)


def marked(elements: Elements, *, whole: bool) -> Elements:
    """Return the lines and rows with the doubtful ones marked.

    Args:
        elements: of one page that is doubted.
        whole: all of it is doubtful; else only where it shows.
    """
    return tuple(
        replace(element, doubtful=True) if whole or is_unsure(_text(element)) else element
        for element in elements
    )


def _text(element: TextLine | TableRow) -> str:
    return element.text if isinstance(element, TextLine) else "\n".join(element.cells)
