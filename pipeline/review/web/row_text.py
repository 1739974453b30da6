"""Rows of tables as people read them in a line: a dot between the cells, none before the first."""

from __future__ import annotations

import re

from markupsafe import Markup

_FIRST = re.compile(r"^\s*((?:<[^>]*>)*)\s*\|\s*")
_LAST = re.compile(r"\s*\|\s*((?:<[^>]*>)*)\s*$")
_BETWEEN = re.compile(r"\s*\|\s*")


def cells(quote: Markup) -> Markup:
    """Return a marked quote; one that is a row of a table (``| a | b |``) with dots between its cells.

    The marks in it hold no bar of their own, so that the text around them may be changed as it stands.
    """
    text = str(quote)
    if not quote.striptags().startswith("|"):
        return quote
    return Markup(_BETWEEN.sub(" · ", _LAST.sub(r"\1", _FIRST.sub(r"\1", text))))  # nosec: only bars and blanks of escaped text are replaced
