"""Where Thai may break on narrow cards and buttons: ``<wbr>`` between words at render time, never in stored text.

Browsers break Thai by dictionaries of their own, which differ and fail on names; and all of them part ๆ from its
word and ฿ from its number.
"""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup, escape

from models.text.tokenizer import segment, splits_syllable

NO_BREAK = "\u00a0"


@lru_cache(maxsize=4096)
def breakable(text: str) -> Markup:
    """Return ``text`` escaped, with break opportunities between its Thai words.

    >>> str(breakable("ข้อมูลสารสนเทศ"))
    'ข้อมูล<wbr>สารสนเทศ'
    """
    text = text.replace(" ๆ", NO_BREAK + "ๆ").replace("฿ ", "฿" + NO_BREAK)
    out, at = Markup(""), 0
    for word in segment(text):
        joins = at == 0 or word[:1] in "ๆฯ" or not _is_thai(word[0]) or splits_syllable(text, at)
        out += escape(word) if joins or not _is_thai(text[at - 1]) else Markup("<wbr>") + escape(word)
        at += len(word)
    return out + escape(text[at:])


def _is_thai(letter: str) -> bool:
    return "\u0e01" <= letter <= "\u0e5b"
