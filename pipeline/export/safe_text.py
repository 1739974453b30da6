"""Texts on their way into tables: what an office wrote stays text, whatever a spreadsheet would make of it.

A cell that begins with ``=`` is a formula to a workbook, one that begins with ``+``, ``-`` or ``@`` as well to whatever opens
a CSV file. Offices' names and passages come from files that anybody may have made, so every cell passes here.
"""

from __future__ import annotations

import re

MOST_LETTERS = 32_767
"""Letters that a cell of a workbook can hold, counted as UTF-16; openpyxl cuts what is over it without a word."""
CUT = " …(ตัด / cut)"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_RUNS = re.compile(r"[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r]")
_PLAIN = re.compile(r"[-+]|[-+]?[0-9]+(\.[0-9]+)?")


def clean(text: str, most: int = MOST_LETTERS) -> str:
    r"""Return ``text`` without letters that XML cannot hold, cut at ``most`` with a mark that says so.

    >>> clean("ก\x0bข"), clean("กขคง" * 10, 20)
    ('กข', 'กขคงกข …(ตัด / cut)')
    """
    kept = _ILLEGAL.sub("", text)
    if len(kept) <= most // 2 or len(kept.encode("utf-16-le")) // 2 <= most:
        return kept
    units = kept.encode("utf-16-le")[: 2 * (most - len(CUT))]
    return units.decode("utf-16-le", errors="ignore") + CUT


def for_csv(text: str) -> str:
    """Return ``text`` as a CSV cell that no spreadsheet runs; a lone dash and plain numbers stay as they are.

    >>> for_csv("=1+1"), for_csv("-"), for_csv("-5"), for_csv("+66 2 288 5511"), for_csv("ประเด็น 1")
    ("'=1+1", '-', '-5', "'+66 2 288 5511", 'ประเด็น 1')
    """
    kept = clean(text)
    return f"'{kept}" if _RUNS.match(kept) and not _PLAIN.fullmatch(kept) else kept


def may_run(text: str) -> bool:
    """Tell whether a workbook's library might take ``text`` for more than text (a formula, an error code)."""
    return text.lstrip()[:1] in ("=", "+", "-", "@", "#", "\t", "\r")
