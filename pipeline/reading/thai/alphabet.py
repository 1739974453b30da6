"""Classes of Thai letters, named once for every repair step and for the layout."""

from __future__ import annotations

CONSONANTS = "ก-ฮ"
BELOW = "\u0e38-\u0e3a"  # sara u, sara uu, phinthu
ABOVE = "\u0e31\u0e34-\u0e37\u0e47\u0e4d"  # mai han-akat, sara i to uee, mai taikhu, nikhahit
TONES = "\u0e48-\u0e4c"  # four tones and thanthakhat
MARKS = ABOVE + BELOW + TONES + "\u0e4e"
NIKHAHIT, AA, AM = "\u0e4d", "\u0e32", "\u0e33"

MARK_SET = frozenset(chr(c) for c in (0x0E31, *range(0x0E34, 0x0E3B), *range(0x0E47, 0x0E4F)))


def mark_rank(mark: str) -> int:
    """Return the place of a mark in a syllable: below the line, vowel above, tone."""
    if "\u0e38" <= mark <= "\u0e3a":
        return 0
    return 1 if mark in "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e47\u0e4d" else 2
