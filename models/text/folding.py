"""Thai text as it is searched: the common slips of typing and of reading make no difference.

Two เ stand for แ, ฎ for ฏ; tone marks and other small signs above a letter may be missing or doubled, Thai and Arabic digits are
one, and blanks do not count, since Thai puts them anywhere.
"""

from __future__ import annotations

import re
import unicodedata

from models.text.tokenizer import normalise, normalise_with_offsets

FOLDING = 1
"""Number of these rules; what was folded by others is folded anew (``khetcheck index``)."""
TONES = "\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e"
_LEFT_OUT = re.compile(rf"[\s{TONES}\x00]+")
_TWO_E = "เเ"


def folded(text: str) -> str:
    """Return ``text`` as it is compared in a search.

    >>> folded("เเผนปฏิบัติการ ๒๕๖๕ บานแม่คำ") == folded("แผนปฏิบัติการ 2565 บ้านแมคำ")
    True
    """
    return _LEFT_OUT.sub("", normalise(text)).replace(_TWO_E, "แ").replace("ฎ", "ฏ")


def found_in(text: str, wanted: str) -> tuple[int, int] | None:
    """Return where in ``text`` the folded ``wanted`` stands first, as a span of its letters; None where it does not.

    >>> text = "จัดทำ แผนปฏิบัติการ"
    >>> start, end = found_in(text, folded("เเผน"))
    >>> text[start:end]
    'แผน'
    """
    normal = normalise_with_offsets(text)
    letters: list[str] = []
    places: list[int] = []
    for at, letter in enumerate(normal.text):
        if _LEFT_OUT.match(letter):
            continue
        if letter == "เ" and letters and letters[-1] == "เ":
            letters[-1] = "แ"
            continue
        letters.append("ฏ" if letter == "ฎ" else letter)
        places.append(at)
    at = "".join(letters).find(wanted)
    if at < 0 or not wanted:
        return None
    start, end = normal.span(places[at], places[at + len(wanted) - 1] + 1)
    while start and unicodedata.combining(text[start]):  # marks may have changed places: never part them
        start -= 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return start, end
