"""Codes that old fonts and old encodings use for Thai: TIS-620 as Latin-1, private-use glyphs, Latin tone glyphs.

Sources: the glyph list of the Thai fonts shipped with Windows 98 to 7 (U+F700–F71A), the ISO-8859-11 table (0xA1–0xFB
stand for U+0E01–0E5B), and facts measured on real files (É–Í after a Thai letter stand for the high tones).
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from pipeline.reading.thai.alphabet import ABOVE, BELOW, CONSONANTS
from pipeline.reading.thai.mapped import Mapped


def _private_use() -> dict[int, str]:
    table = {0xF700: "ฐ", 0xF70F: "ญ"}
    runs = (
        (0xF701, "\u0e34\u0e35\u0e36\u0e37"),  # vowels above, shifted left
        (0xF705, "\u0e48\u0e49\u0e4a\u0e4b\u0e4c"),  # tones, low and left
        (0xF70A, "\u0e48\u0e49\u0e4a\u0e4b\u0e4c"),  # tones, low
        (0xF710, "\u0e31\u0e4d\u0e47"),  # mai han-akat, nikhahit, mai taikhu, shifted left
        (0xF713, "\u0e48\u0e49\u0e4a\u0e4b\u0e4c"),  # tones, left
        (0xF718, "\u0e38\u0e39\u0e3a"),  # vowels below, lowered
    )
    for start, marks in runs:
        table.update({start + step: mark for step, mark in enumerate(marks)})
    return table


# Bullets of the Symbol and Wingdings fonts, which Word and LibreOffice write as private-use codes.
_BULLETS = {
    0xF0B7: "•",
    0xF0A7: "▪",
    0xF0FC: "✓",
    0xF0D8: "➢",
    0xF06C: "●",
    0xF06E: "■",
    0xF076: "❖",
    0xF0A8: "□",
    0xF06F: "□",
    0xF0FE: "☑",
    0xF02D: "-",
    0xF0E0: "→",
}
PRIVATE_USE = _private_use()
_GLYPHS = {**PRIVATE_USE, **_BULLETS}
_ANY_PRIVATE = re.compile("[\ue000-\uf8ff]")

_LATIN_HIGH = re.compile("[\u00a1-\u00da\u00df-\u00fb]")
_TIS = {0xA1 + step: chr(0x0E01 + step) for step in range(0x5B) if 0x0E01 + step <= 0x0E5B}
_TIS_LEGAL = {code: thai for code, thai in _TIS.items() if not 0x0E3B <= ord(thai) <= 0x0E3E}
_TIS_CODES = np.array([ord(_TIS_LEGAL.get(code, chr(code))) for code in range(0x100)], np.int32)
_LATIN_TONES = re.compile(f"(?<=[{CONSONANTS}{ABOVE}{BELOW}])[\u00c9-\u00cd]")
_FORBIDDEN = re.compile(f"(?:^|[^{CONSONANTS}{ABOVE}{BELOW}\u0e48-\u0e4c])[{ABOVE}{BELOW}\u0e48-\u0e4c]")
_TIS_MARKS = re.compile(f"[{ABOVE}{BELOW}\u0e48-\u0e4c]")


def private_use(text: Mapped) -> Mapped:
    """Turn the glyph codes of old Thai fonts into letters (``ปี`` written as ป U+F702)."""
    return text.translate(_GLYPHS) if _ANY_PRIVATE.search(text.text) else text


def latin_tones(text: Mapped) -> Mapped:
    """Turn É–Í standing on a Thai letter into the tone whose glyph they are."""
    return text.replace(_LATIN_TONES, lambda match: (chr(ord(match[0]) - 0xC9 + 0x0E48), (0,)))


def looks_like_tis620(text: str) -> bool:
    """Tell whether ``text`` is Thai in TIS-620 that was read as Latin-1 (``ÊÓ¹Ñ¡§Ò¹``).

    True when there are enough high Latin letters, hardly any Thai, the high letters stand in long runs
    as no European language has them, and their marks would stand on consonants.
    """
    high = len(_LATIN_HIGH.findall(text))
    if high < 4:
        return False
    thai = sum(1 for c in text if "\u0e01" <= c <= "\u0e5b")
    plain = sum(1 for c in text if c.isascii() and c.isalpha())
    if thai > 0.1 * high:
        return False
    if not _runs_long(text):
        return False
    if high >= 20 and high > 4 * plain:
        return True  # marks may stand out of order, but no language has so many of these letters in a row
    decoded = text.translate(_TIS_LEGAL)
    marks = len(_TIS_MARKS.findall(decoded))
    return len(_FORBIDDEN.findall(decoded)) <= 0.15 * marks + 1


def _runs_long(text: str) -> bool:
    runs = re.findall("[\u00a1-\u00da\u00df-\u00fb]+", text)
    return sum(map(len, runs)) >= 3 * len(runs)


def tis620(text: Mapped) -> Mapped:
    """Decode TIS-620 read as Latin-1, where the text as a whole looks like it."""
    return text.translate(_TIS_LEGAL) if looks_like_tis620(text.text) else text


def latin1_to_thai(codes: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return codes 0xA1–0xFB as the Thai letters they stand for in TIS-620, others as they are."""
    return _TIS_CODES[np.clip(codes, 0, 0xFF)] * (codes <= 0xFF) + codes * (codes > 0xFF)
