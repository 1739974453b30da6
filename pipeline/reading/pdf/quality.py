"""Judges whether a page's text layer can be believed, or whether its picture must be read instead.

First by rules that cost nothing: codes that are no letters, and sequences that Thai cannot have (a tone on a blank, two
vowels before a consonant). Only where these cast doubt is the text cut into words and held against the dictionary,
since loading a dictionary into every child would cost more than reading most files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pipeline.reading.thai.letters import ABOVE, BELOW, CONSONANTS

Verdict = Literal["good", "little", "broken"]

_LITTLE = 25  # visible characters: fewer are a page number, a stamp, a scanner's mark
_DOUBT = 0.02  # share of impossible sequences above which the dictionary is asked
_UNKNOWN = 0.35  # share of letters outside dictionary words above which a page is beyond repair
_SAMPLE = 1500

_THAI = re.compile("[\u0e01-\u0e4e]+")
_MARK = f"[{ABOVE}{BELOW}\u0e48-\u0e4c]"
_IMPOSSIBLE = re.compile(
    f"(?<![{CONSONANTS}{ABOVE}{BELOW}\u0e48-\u0e4c]){_MARK}"  # a mark on nothing
    f"|[\u0e40-\u0e44](?![{CONSONANTS}])"  # a leading vowel before no consonant
    f"|(?<![{CONSONANTS}{ABOVE}{BELOW}\u0e48-\u0e4c])[\u0e32\u0e33\u0e45]"  # aa or am after no consonant
)
# No letters at all (unmapped and private codes, controls), and Latin letters of other languages than English.
_STRANGE = re.compile(
    "[\x00-\x08\x0e-\x1f\u0080-\u00a9\u00ac-\u00b0\u00b2-\u024f\ue000-\uefff\uf000-\uf01f\uf100-\uf6ff\uf71b-\uf8ff\ufffd]"
)
_SYMBOL = re.compile(r"[!\"#$&'*+<=>?@\[\\\]^_`{|}~]")


@dataclass(frozen=True, slots=True)
class Quality:
    """What the rules saw in a page's repaired text.

    Attributes:
        visible: number of visible characters.
        thai: number of Thai letters and marks.
        impossible: share of Thai that stands in impossible sequences.
        strange: share of visible characters that are no letters of any language used here.
        unknown: share of Thai letters outside dictionary words; None where the dictionary was not asked.
        verdict: ``good`` to be used, ``little`` too little to judge, ``broken`` beyond repair.
    """

    visible: int
    thai: int
    impossible: float
    strange: float
    unknown: float | None
    verdict: Verdict


def judge(text: str) -> Quality:
    """Judge the text of one page."""
    visible = len("".join(text.split()))
    thai = sum(map(len, _THAI.findall(text)))
    strange = len(_STRANGE.findall(text)) + 0.5 * len(_SYMBOL.findall(text))
    impossible = len(_IMPOSSIBLE.findall(text)) / thai if thai else 0.0
    odd = strange / visible if visible else 0.0
    unknown = unknown_share(text) if thai >= 30 and impossible > _DOUBT else None
    return Quality(visible, thai, impossible, odd, unknown, _verdict(visible, odd, unknown))


def _verdict(visible: int, strange: float, unknown: float | None) -> Verdict:
    if visible >= 8 and strange > 0.25:
        return "broken"
    if visible < _LITTLE:
        return "little"
    return "broken" if unknown is not None and unknown > _UNKNOWN else "good"


def unknown_share(text: str) -> float:
    """Return the share of Thai letters in ``text`` that belong to no dictionary word (0 for text without Thai)."""
    from models.text.tokenizer import segment

    known = _dictionary()
    letters = missing = 0
    for word in segment(text[:_SAMPLE]):
        if not _THAI.search(word):
            continue
        letters += len(word)
        missing += len(word) * (word not in known)
    return missing / letters if letters else 0.0


@cache
def _dictionary() -> frozenset[str]:
    from pythainlp.corpus import thai_words

    return frozenset(thai_words())
