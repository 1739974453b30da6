"""Mends Thai font by font: a page's bold face may code its letters wrongly while its plain face is right.

What a font says wrongly it says wrongly everywhere. So each font's likely faults are undone as a trial in its own letters,
the lines in which it stands are repaired and held against the dictionary, and the trial is kept where clearly fewer
letters stand outside of words. Fonts without any sign of damage are never touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipeline.reading.thai.exchanges import exchanges, gaps
from pipeline.reading.thai.mapped import Mapped
from pipeline.reading.thai.signs import FLOATING, NO_RING, SURE_ECHO, UNKNOWN, foreign_codes, has_signs
from pipeline.reading.thai.substitution import broken_codes, substituted
from pipeline.reading.thai.words import outside, weight

Repair = Callable[[Mapped], Mapped]

_NO_CODE = re.compile(f"[{UNKNOWN}\U000f0000-\U000fffff]")
_FLOATS = re.compile("[\U000f0000-\U0010ffff]")
_SAMPLE = 800  # letters of a font's lines that are held against the dictionary
_CLEAN = 0.01  # share of letters outside of words below which only codes that are no letters are looked into
_TIRED = 3  # fruitless looks into a font after which its signs of damage are taken for what the office wrote
_LEAST_IF_SURE = 2
_LEAST = 6  # by so much a trial must better the words: two letters that stood outside of them, or as many words fewer
# So many gaps behind one letter, and so large a share of its places, are a habit of the font.
_MANY, _OFTEN = 4, 0.75
_OTHER, _LINE_END = 0x1F, 0x0A  # the first stands for letters of other fonts
_IS_BLANK = np.array([chr(code).isspace() for code in range(0x3002)])


@dataclass(frozen=True, slots=True)
class FontText:
    """The lines of a page in which one font stands.

    Attributes:
        text: the whole page.
        fonts: number of the font behind each raw character, -1 for none.
        numbers: the same for asking in bulk.
        number: the font looked at.
    """

    text: Mapped
    fonts: Sequence[int]
    numbers: NDArray[np.int64]
    number: int

    def owns(self, place: int) -> bool:
        """Tell whether the character at ``place`` of the text is written in this font."""
        return self.fonts[self.text.origin[place]] == self.number

    def own_letters(self) -> NDArray[np.bool_]:
        """Tell of each character of the text whether it is written in this font."""
        own: NDArray[np.bool_] = _behind(self.text, self.numbers) == self.number
        return own

    def with_text(self, text: Mapped) -> FontText:
        """Return the same font in a changed text."""
        return FontText(text, self.fonts, self.numbers, self.number)


Trial = Callable[[FontText], Mapped]


@dataclass(slots=True)
class Faults:
    """What earlier pages told of a font.

    Attributes:
        trials: what undid its faults: the same is tried first on the next page.
        fruitless: on how many pages a look into it found nothing.
    """

    trials: list[Trial] = field(default_factory=list)
    fruitless: int = 0


FontFaults = dict[str, Faults]
"""What earlier pages told of the document's fonts, by their names."""


def mend_fonts(
    text: Mapped,
    fonts: Sequence[int],
    names: Mapping[int, str],
    known: FontFaults,
    repair: Repair,
    *,
    thorough: bool = False,
) -> Mapped:
    """Undo what single fonts of a page say wrongly; clean text comes back as the same object.

    Args:
        text: a page's text as its fonts say it, before any other repair.
        fonts: number of the font behind each raw character of ``text``, -1 for none.
        names: name of each font.
        known: faults of fonts by their names; added to.
        repair: the repair that follows, without which right and wrong trials look alike.
        thorough: look into every font, with or without signs of damage: the page is doubted.
    """
    if not thorough and not has_signs(text.text):
        return text
    numbers = np.asarray(fonts, np.int64)
    for number in sorted(set(np.unique(_behind(text, numbers)).tolist()) - {-1}):
        name = names.get(number, "")
        faults = known.setdefault(name, Faults()) if name else Faults()
        text = _mended(FontText(text, fonts, numbers, number), faults, repair, thorough)
    return _restored(text)


def _mended(font: FontText, faults: Faults, repair: Repair, thorough: bool) -> Mapped:
    """Undo the font's known faults, then look for others; those found are added to ``faults``."""
    if not thorough and not has_signs(_own(font)):
        return font.text
    sample = _sample(font)
    # A gap behind every ำ may leave nothing but words (ดำ เนิน): no writer sets so many blanks, so it is closed all the same.
    sure = (*faults.trials, *gaps(sample, _MANY, _OFTEN))
    tired = faults.fruitless >= _TIRED and not thorough
    if (tired and not sure) or (not thorough and not has_signs(_own(sample))):
        return font.text
    now = badness(sample.text, repair)
    for trial in sure:
        tried = sample.with_text(trial(sample))
        after = badness(tried.text, repair)
        if after <= now:
            font, sample, now = font.with_text(trial(font)), tried, after
    if tired:
        return font.text
    while _worth_a_look(sample, repair):
        found = _best_trial(sample, now, repair)
        if found is None:
            faults.fruitless += 1
            break
        trial, now = found
        faults.trials.append(trial)
        font, sample = font.with_text(trial(font)), sample.with_text(trial(sample))
    return font.text


def _worth_a_look(font: FontText, repair: Repair) -> bool:
    """Tell whether trials can gain anything: names alone leave some letters outside of words."""
    letters, missing = outside(repair(font.text).text.split("\n"))
    return missing > _CLEAN * letters or _is_surely_wrong(font.text.text) or bool(broken_codes(font))


def _best_trial(font: FontText, now: int, repair: Repair) -> tuple[Trial, int] | None:
    """Return the trial after which the text falls into words best, and its badness; None if none is clearly better."""
    trials = [*exchanges(font), *(_solving(font, code, repair) for code in broken_codes(font))]
    found = [(badness(trial(font), repair), at) for at, trial in enumerate(trials)]
    least, at = min(found, default=(now, -1))
    enough = _LEAST_IF_SURE if _is_surely_wrong(font.text.text) else _LEAST
    return (trials[at], least) if now - least >= enough else None


def _is_surely_wrong(text: str) -> bool:
    """Tell whether something stands in the text that no writer can have meant."""
    return bool(NO_RING.search(text) or SURE_ECHO.search(text) or _NO_CODE.search(text))


def _solving(font: FontText, code: str, repair: Repair) -> Trial:
    """Return the trial that reads ``code`` as the letter which suits the words best."""
    return substituted(font, code, lambda text: badness(text, repair))


def badness(text: Mapped, repair: Repair) -> int:
    """Return how badly the text falls into words after repair; a code that no reader can read weighs as a letter outside."""
    unreadable = [c for c in foreign_codes(text.text) if c in UNKNOWN or ord(c) >= FLOATING]
    return weight(repair(text).text.split("\n")) + 3 * len(unreadable)


def _own(font: FontText) -> str:
    """Return the font's own letters, with the blanks and line ends between them."""
    codes = _codes(font.text.text)
    others = ~font.own_letters() & ~_IS_BLANK[np.minimum(codes, _IS_BLANK.size - 1)]
    return _text(np.where(others, _OTHER, codes))


def _sample(font: FontText) -> FontText:
    """Return the lines in which the font stands, so many as are needed to judge it, those with signs of damage first."""
    codes, own = _codes(font.text.text), font.own_letters()
    ends = np.append(np.flatnonzero(codes == _LINE_END), len(codes))
    starts = np.concatenate([[0], ends[:-1] + 1])
    counts = np.concatenate([[0], np.cumsum(own)])
    spans = [
        (start, end)
        for start, end, has in zip(starts.tolist(), ends.tolist(), counts[ends] - counts[starts], strict=True)
        if has
    ]
    text, origin = font.text.text, font.text.origin
    if sum(end - start for start, end in spans) > _SAMPLE:
        spans.sort(key=lambda span: not has_signs(text[slice(*span)]))
    parts: list[str] = []
    places: list[int] = []
    for start, end in spans:
        parts.append(text[start:end])
        places.extend(origin[start:end])
        if len(places) > _SAMPLE:
            break
        places.append(origin[max(end - 1, 0)])  # the line end
    whole = "\n".join(parts)
    return font.with_text(Mapped(whole, tuple(places[: len(whole)])))


def _behind(text: Mapped, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number of the font behind each character."""
    origin = text.origin
    if isinstance(origin, range):
        return numbers[origin.start : origin.stop : origin.step]
    return numbers[np.fromiter(origin, np.int64, len(origin))]


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def _text(codes: NDArray[np.uint32]) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _restored(text: Mapped) -> Mapped:
    """Give floating glyphs that no trial could read their own codes back."""
    if not _FLOATS.search(text.text):
        return text
    return Mapped(
        "".join(chr(ord(c) - FLOATING) if ord(c) >= FLOATING else c for c in text.text), text.origin
    )
