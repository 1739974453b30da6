"""Judges whether a page's text can be believed, or whether another reader must be asked.

First by rules that cost nothing: codes that are no letters, letters of other scripts inside Thai words, signs in runs, and
sequences that Thai cannot have (a tone on a blank, two vowels before a consonant). Only where these cast doubt is the
text cut into words and held against the dictionary.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Literal

from pipeline.reading.thai.alphabet import ABOVE, BELOW, CONSONANTS
from pipeline.reading.thai.signs import LONE_RING, foreign_codes, is_foreign
from pipeline.reading.thai.words import unknown_after_names, unknown_share

__all__ = ["DOUBTFUL", "Quality", "Verdict", "judge", "unknown_share", "worth"]

Verdict = Literal["good", "little", "unsure", "doubtful", "broken"]

DOUBTFUL: tuple[Verdict, ...] = ("doubtful", "broken")
"""Verdicts upon which another reader is asked."""

_LITTLE = 25  # visible characters: fewer are a page number, a stamp, a scanner's mark
_DOUBT = 0.02  # share of impossible sequences above which the dictionary is asked
_UNSURE, _DOUBTFUL, _UNKNOWN = (
    0.03,
    0.08,
    0.35,
)  # share of letters outside of words: told, doubted, beyond repair
_WORDS = 30  # Thai letters: of fewer no share can be told
_FEW_LETTERS = 12  # letters outside of words: so many a few names or one foreign word may give
_FEW_CODES = 2  # foreign letters in Thai words that a slip of the writer may explain
_FEW_RINGS = 3  # lone nikhahits that a line of Pali may explain
_SALAD = 24  # letters in words of mixed signs, digits and capitals that a code or a file name may explain
_SAMPLE = 240

_THAI = re.compile("[\u0e01-\u0e4e]+")
_MARK = f"[{ABOVE}{BELOW}\u0e48-\u0e4c]"
_IMPOSSIBLE = re.compile(
    f"{_MARK}(?<![{CONSONANTS}{ABOVE}{BELOW}\u0e48-\u0e4c]{_MARK})"  # a mark on nothing
    f"|[\u0e40-\u0e44](?![{CONSONANTS}])"  # a leading vowel before no consonant
    f"|[\u0e32\u0e33\u0e45](?<![{CONSONANTS}{ABOVE}{BELOW}\u0e48-\u0e4c][\u0e32\u0e33\u0e45])"  # aa or am after no consonant
)
# No letters at all (unmapped and private codes, controls), and Latin letters of other languages than English.
_STRANGE = re.compile(
    "[\x00-\x08\x0e-\x1f\u0080-\u00a9\u00ac-\u00b0\u00b2-\u024f\ue000-\uefff\uf000-\uf01f\uf100-\uf6ff\uf71b-\uf8ff\ufffd]"
)
_SYMBOL = re.compile(r"[!\"#$&'*+<=>?@\[\\\]^_`{|}~]")
_NO_CODE = re.compile("[\ufffd\U000f0000-\U000fffff]")
_ASCII = re.compile(r"[!-~]{6,}")
_ADDRESS = re.compile(r"://|www\.|@|[.][a-z]{2,4}(?:/|$)")
_NUMBER = re.compile(r"[-+(฿]*[0-9][0-9,.:/%()-]*")
_KINDS = re.compile(r"[a-z]+|[A-Z]+|[0-9]+|[^a-zA-Z0-9]+")
_SIGNS = re.compile(r"[^a-zA-Z0-9]")


@dataclass(frozen=True, slots=True)
class Quality:
    """What the rules saw in a page's repaired text.

    Attributes:
        visible: number of visible characters.
        thai: number of Thai letters and marks.
        impossible: share of Thai that stands in impossible sequences.
        strange: share of visible characters that are no letters of any language used here.
        unknown: share of Thai letters outside dictionary words; None where the dictionary was not asked.
        verdict: ``good`` to be used, ``little`` too little to judge, ``unsure`` with more letters outside of words than
            names explain, ``doubtful`` what no Thai text holds, ``broken`` beyond repair.
    """

    visible: int
    thai: int
    impossible: float
    strange: float
    unknown: float | None
    verdict: Verdict


def judge(text: str, *, sampled: bool = False, apart: str = "") -> Quality:
    """Judge the text of one page.

    Args:
        text: lines parted by line ends.
        sampled: hold a few lines of a page without any sign of damage against the dictionary too.
        apart: those lines of it that are set in another face than most, of which a share is asked too.
    """
    visible = len("".join(text.split()))
    thai = sum(map(len, _THAI.findall(text)))
    strange = len(_STRANGE.findall(text)) + 0.5 * len(_SYMBOL.findall(text))
    impossible = len(_IMPOSSIBLE.findall(text)) / thai if thai else 0.0
    odd = strange / visible if visible else 0.0
    coded = _is_miscoded(text)
    asked = thai >= _WORDS and (
        coded or impossible > _DOUBT or (sampled and unknown_share(_sample(text)) > _UNSURE / 2)
    )
    unknown = unknown_share(text) if asked else None
    if unknown is not None and _UNSURE < unknown < _UNKNOWN:
        unknown = unknown_after_names(text)
    if sampled and apart and unknown_share(apart, _SAMPLE) > 2 * _DOUBTFUL:
        unknown = max(unknown or 0.0, _UNSURE)
    return Quality(visible, thai, impossible, odd, unknown, _verdict(visible, thai, odd, unknown, coded))


def _verdict(visible: int, thai: int, strange: float, unknown: float | None, coded: bool) -> Verdict:
    if visible >= 8 and strange > 0.25:
        return "broken"
    if unknown is not None and unknown > _UNKNOWN:
        return "broken" if visible >= _LITTLE else "little"
    if coded:
        return "doubtful"
    if visible < _LITTLE or unknown is None or unknown < _UNSURE:
        return "little" if visible < _LITTLE else "good"
    return "doubtful" if unknown > _DOUBTFUL and unknown * thai > _FEW_LETTERS else "unsure"


def is_unsure(text: str) -> bool:
    """Tell of one line or row of a doubted page whether it has a part in the doubt."""
    if _NO_CODE.search(text) or is_foreign(text) or _salad(text) > 6 or LONE_RING.search(text):
        return True
    thai = sum(map(len, _THAI.findall(text)))
    return unknown_share(text) * thai >= 3 and unknown_share(text) > _DOUBTFUL


def worth(text: str) -> float:
    """Return the share of a page's visible characters that are Thai letters in words, less those in none; -1 to 1.

    What two readers made of the same page is compared by this, never by length: garbage is long.
    """
    visible = len("".join(text.split()))
    thai = sum(map(len, _THAI.findall(text)))
    broken = len(_NO_CODE.findall(text)) + len(foreign_codes(text)) + _salad(text)
    return (thai * (1 - 2 * unknown_share(text)) - broken) / visible if visible else 0.0


def _is_miscoded(text: str) -> bool:
    """Tell whether codes stand in the text that no Thai text holds."""
    return bool(
        _NO_CODE.search(text)
        or len(foreign_codes(text)) > _FEW_CODES
        or len(LONE_RING.findall(text)) > _FEW_RINGS
        or _salad(text) > _SALAD
    )


def _salad(text: str) -> int:
    """Return how many ASCII characters stand in words that change between letters, digits and signs as no word does."""
    found = 0
    for match in _ASCII.finditer(text):
        word = _NUMBER.sub("0", match[0])
        changes = len(_KINDS.findall(word)) - 1
        signs = len(set(_SIGNS.findall(word)))
        mixed = changes >= 4 and changes >= 0.3 * len(word) and signs >= 2
        if (mixed or (signs >= 5 and signs > 0.4 * len(word) > 2)) and not _ADDRESS.search(word):
            found += len(word)
    return found


def _sample(text: str) -> str:
    """Return lines from all over a page, a few hundred characters in all."""
    lines = [line for line in text.split("\n") if len(line) > 12]
    step = max(1, sum(map(len, lines)) // _SAMPLE)
    taken, kept = 0, list[str]()
    for line in itertools.islice(lines, step // 2, None, step):
        kept.append(line)
        taken += len(line)
        if taken > _SAMPLE:
            break
    return "\n".join(kept)
