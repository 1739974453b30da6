"""Thai text as words, and in the one spelling in which it is compared: the only module that knows the Thai libraries.

nlpO3 (newmm in Rust) is used where it is installed, PyThaiNLP's newmm with the same dictionary elsewhere; their
boundaries agree (F1 .994), so that a model trained with one works with the other.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_UNUSUAL = re.compile(f"[{_INVISIBLE}\u0e4d]")
_WORD = re.compile(r"[0-9A-Za-z\u0e01-\u0e4e]")
_BLANKS = re.compile(r"\s+|\S+")
_NUMBER = re.compile(r"\d[\d,.:/]*")
_DEPENDENT = frozenset("ะัาำิีึืฺุู็่้๊๋์ํๅๆ")
_MONTHS = frozenset(
    (
        *("มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน"),
        *("ตุลาคม", "พฤศจิกายน", "ธันวาคม", "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค."),
        *("ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."),
    )
)
_CACHED = 20_000
"""Texts whose forms are remembered: a block is looked at by several readers, a heading by all blocks below it."""
_WHOLE = 20_000
"""Up to so many characters a block is looked at whole; a longer "block" is a reading fault."""
_LONGEST = 4000
"""Characters of such a monstrous block that are looked at."""
_WINDOW = 4000
"""Characters that go to the segmenter at once: on repeated syllables its time grows with the square of their number."""
_OVERLAP = 200
"""Characters at the end of a window that are segmented again with what follows: its last word may be cut in two."""


@dataclass(frozen=True, slots=True)
class Normalised:
    """Text in comparing form with the way back: ``text[i]`` came from ``original[starts[i]]``.

    ``starts`` has one entry more than ``text``: the end of the original.
    """

    text: str
    starts: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that ``text[start:end]`` was made from."""
        return self.starts[start], self.starts[end]


def normalise(text: str) -> str:
    """Return ``text`` in comparing form: NFC, whole sara am, ASCII digits, lower case, no invisible characters.

    NFKC is not used: it breaks ำ in two.

    >>> normalise("ปี ๒๕๖๕ ดําเนินการ ITA")
    'ปี 2565 ดำเนินการ ita'
    """
    return normalise_with_offsets(text).text


@lru_cache(maxsize=_CACHED)
def normalise_with_offsets(text: str) -> Normalised:
    """Return the comparing form of ``text`` and where each of its characters came from."""
    lowered = text.translate(_DIGITS).lower()
    if len(lowered) == len(text) and not _UNUSUAL.search(text) and unicodedata.is_normalized("NFC", text):
        return Normalised(lowered, range(len(text) + 1))
    characters: list[str] = []
    starts: list[int] = []
    for start, cluster in _clusters(text):
        for at, character in enumerate(_normal_cluster(cluster)):
            characters.append(character)
            starts.append(start + min(at, len(cluster) - 1))
    return Normalised("".join(characters), [*starts, len(text)])


def _clusters(text: str) -> list[tuple[int, str]]:
    """Split into pieces that normalise on their own: a character with its marks, and a split sara am whole.

    An invisible character belongs to the one before it: marks on both sides of it meet when it goes.
    """
    found: list[tuple[int, str]] = []
    for at, character in enumerate(text):
        joins = unicodedata.combining(character) or character == "\u0e4d" or character in _INVISIBLE
        if found and (joins or (character == "\u0e32" and "\u0e4d" in found[-1][1])):
            found[-1] = (found[-1][0], found[-1][1] + character)
        else:
            found.append((at, character))
    return found


def _normal_cluster(cluster: str) -> str:
    cluster = unicodedata.normalize("NFC", cluster)
    if "\u0e4d" in cluster and cluster.endswith("\u0e32"):
        cluster = cluster.replace("\u0e4d", "")[:-1] + "\u0e33"
    kept = "".join(c for c in cluster if c not in _INVISIBLE)
    lowered = kept.translate(_DIGITS).lower()
    return unicodedata.normalize("NFC", lowered)


@cache
def _segmenter() -> Callable[[str], list[str]]:
    """Return the fastest segmenter that is installed."""
    os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")  # else it makes a folder in the user's home
    from pythainlp.corpus import corpus_path

    try:
        import nlpo3
    except ImportError:
        from pythainlp.tokenize import newmm

        return lambda text: list(newmm.segment(text, safe_mode=len(text) > 1000))
    from pathlib import Path

    nlpo3.load_dict(str(Path(corpus_path()) / "words_th.txt"), "khetcheck")
    # never its safe mode: what that returns is shifted and repeated, and does not join to the text
    return lambda text: list(nlpo3.segment(text, "khetcheck"))


def segment(text: str) -> list[str]:
    """Split text into words and the blanks and signs between them; joined again they give the text.

    Of a text of more than 20,000 characters only the beginning is looked at.

    >>> segment("ประชุมครูเมื่อวันที่ 3")
    ['ประชุม', 'ครู', 'เมื่อ', 'วันที่', ' ', '3']
    """
    return list(_segmented(text))


@lru_cache(maxsize=_CACHED)
def _segmented(text: str) -> tuple[str, ...]:
    text = text if len(text) <= _WHOLE else text[:_LONGEST]
    words: list[str] = []
    at = 0
    while at < len(text):
        found = _words_of(text[at : at + _WINDOW])
        if at + _WINDOW < len(text):
            found = _without_end(found)
        words += found
        at += sum(map(len, found))
    return tuple(words)


def _words_of(piece: str) -> list[str]:
    """The words of one window; should a segmenter ever lose a letter, blanks part the words instead."""
    words = [word for word in _segmenter()(piece) if word]
    return words if "".join(words) == piece else _BLANKS.findall(piece)


def _without_end(words: list[str]) -> list[str]:
    """Leave out the last words, which are segmented again together with what follows them."""
    kept, left_out = len(words), 0
    while kept > 1 and left_out < _OVERLAP:
        kept -= 1
        left_out += len(words[kept])
    return words[:kept]


@cache
def _dictionary() -> frozenset[str]:
    os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")
    from pythainlp.corpus.common import thai_words

    return frozenset(thai_words())


def is_word(word: str) -> bool:
    """Tell whether a Thai word stands in the dictionary by which text is segmented."""
    return word in _dictionary()


@lru_cache(maxsize=_CACHED)
def masked_words(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` for counting: comparing form, numbers masked, blanks and punctuation dropped.

    The number itself teaches a classifier nothing and would fill its vocabulary; that a number, a year or a date is
    there teaches much. Signs that carry meaning on forms (``%``, ticks) stay.

    >>> masked_words("ร้อยละ 95.5 เมื่อ 14 ก.พ. 2565")
    ('ร้อยละ', '<num>', 'เมื่อ', '<num>', '<month>', '<year>')
    """
    return tuple(masked for word in _segmented(normalise(text)) if (masked := _masked(word)))


def _masked(word: str) -> str:
    if _NUMBER.match(word):
        value = word.rstrip(".,:/")
        return "<year>" if value.isdigit() and len(value) == 4 and 2540 <= int(value) <= 2599 else "<num>"
    if word in _MONTHS:
        return "<month>"
    if word in "%☑✓☐/":
        return word
    return word if _WORD.search(word) else ""


def word_boundaries(text: str) -> frozenset[int]:
    """Offsets in ``text`` at which a word begins or ends."""
    at, found = 0, {0}
    for word in _segmented(text):
        at += len(word)
        found.add(at)
    return frozenset(found)


def splits_syllable(text: str, at: int) -> bool:
    """Whether a cut at ``at`` would part a Thai vowel or mark from its consonant."""
    return 0 < at < len(text) and (text[at] in _DEPENDENT or text[at - 1] in "เแโใไ")
