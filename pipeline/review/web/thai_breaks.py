"""Where Thai may break on narrow cards and buttons: between words, decided at render time, never in stored text.

Browsers break Thai by dictionaries of their own, which differ and fail on names (ธรรมาภิ|บาล, ผา|จันทร์); and all of them
part ๆ from its word, ฿ and a number from what they belong to. So each word is held together by an element of its own,
with a ``<wbr>`` between two of them; copying gives the plain text.
"""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup, escape

from models.text.tokenizer import segment, splits_syllable

NO_BREAK = "\u00a0"
_HELD = Markup('<span class="kept">{}</span>')
_BEGINNINGS = ("การ", "ความ", "ผู้", "นัก")  # make a noun of the word that follows
_SHORTEST_HELD = 5  # letters; no browser breaks a shorter word
_BEFORE_NUMBER = re.compile(r"(?<=[\u0e01-\u0e5b.]) (?=[0-9๐-๙])")
_LONG_FORM = re.compile(r"(สำนักงานเขต)(พื้นที่การศึกษา)(ประถมศึกษา|มัธยมศึกษา)?(.*)", re.DOTALL)


@lru_cache(maxsize=4096)
def breakable(text: str) -> Markup:
    r"""Return ``text`` escaped, with break opportunities between its Thai words and nowhere else in them.

    >>> str(breakable("ข้อมูล 4 ด้าน"))
    '<span class="kept">ข้อมูล</span>\xa04 ด้าน'
    """
    text = _bound(text)
    out, at, word = Markup(""), 0, ""
    for part in segment(text):
        joins = at == 0 or part[:1] in "ๆฯ" or not _is_thai(part[0]) or splits_syllable(text, at)
        joins = joins or word in _BEGINNINGS
        if joins or not _is_thai(text[at - 1]):
            if word and _is_thai(word[-1]) and _is_thai(part[0]):
                word += part
            else:
                out, word = out + _held(word), part
        else:
            out, word = out + _held(word) + Markup("<wbr>"), part
        at += len(part)
    return out + _held(word) + escape(text[at:])


@lru_cache(maxsize=4096)
def name(text: str) -> Markup:
    r"""Return an office's name, escaped, that breaks where its parts meet and never within a proper name or before its number.

    >>> str(name("สพป.ผาจันทร์ 1"))
    '<span class="kept">สพป.ผาจันทร์ 1</span>'
    """
    found = _LONG_FORM.fullmatch(text)
    parts = [part for part in found.groups() if part] if found else [text]
    return Markup("<wbr>").join(_HELD.format(part) for part in parts)


def _bound(text: str) -> str:
    """Return the text with blanks that must not break made so."""
    text = text.replace(" ๆ", NO_BREAK + "ๆ").replace("฿ ", "฿" + NO_BREAK)
    return _BEFORE_NUMBER.sub(NO_BREAK, text)


def _held(word: str) -> Markup:
    """Return a word that a browser would break in an element that keeps it whole."""
    return _HELD.format(word) if len(word) >= _SHORTEST_HELD and _is_thai(word[0]) else escape(word)


def _is_thai(letter: str) -> bool:
    return "\u0e01" <= letter <= "\u0e5b"
