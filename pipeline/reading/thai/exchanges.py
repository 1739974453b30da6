"""Trials that undo what fonts do to sara aa and sara am: exchange them, lose the ring, leave a gap behind the foot."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Protocol, Self

from pipeline.reading.thai.alphabet import AA, AM, CONSONANTS, MARKS, NIKHAHIT
from pipeline.reading.thai.mapped import Mapped, Replacement
from pipeline.reading.thai.rings import ring_by_words
from pipeline.reading.thai.sara_am import STEMS
from pipeline.reading.thai.signs import ECHO, UNKNOWN

_TONE = "[\u0e48-\u0e4b]"
_APART = re.compile(f"(?<=[{CONSONANTS}\u0e48-\u0e4b])( +){AM}")
_UNKNOWN_RING = re.compile(
    f"(?<=[{CONSONANTS}])[{UNKNOWN}] ?({_TONE}?) ?[{AA}{AM}]|(?<=[{CONSONANTS}])({_TONE})[{UNKNOWN}] ?[{AA}{AM}]"
)
_UNKNOWN_FOOT = re.compile(f"[{NIKHAHIT}{AM}]({_TONE}?) ?[{UNKNOWN}] ?")
_UNKNOWN_REST = re.compile(f"(?<=[{MARKS}{AM}{CONSONANTS}])[{UNKNOWN}](?=[\u0e01-\u0e4e])")
_GAP_AFTER = {letter: re.compile(f"{letter}( +)(?=[{CONSONANTS}เ-ไ])") for letter in (AM, AA, "\u0e30")}
_AT_TIMES = (
    0.3  # share of a letter's places that a blank follows, from which it may be the font's, not the writer's
)


class Font(Protocol):
    """A font's letters in a page's text; see ``fonts.FontText``."""

    @property
    def text(self) -> Mapped:
        """The page, or the part of it that is looked at."""
        ...

    def owns(self, place: int) -> bool:
        """Tell whether the character at ``place`` is the font's."""
        ...

    def with_text(self, text: Mapped) -> Self:
        """Return the same font in a changed text."""
        ...


Trial = Callable[[Font], Mapped]


def exchanges(font: Font) -> list[Trial]:
    """Return the trials for which the text offers a handle, the surest first."""
    text = font.text.text
    trials: list[Trial] = []
    if AM in text:
        trials += [_set_apart] if _APART.search(text) else []
        trials += [_every_aa_as_am, _swapped]
    if AA in text:
        trials.append(_ring_lost)
    if any(letter in text for letter in UNKNOWN):
        trials.append(_unknown_parts)
    if ECHO.search(text):
        trials.append(_without_echo)
    return [*trials, *gaps(font, 2, _AT_TIMES)]


def gaps(font: Font, least: int, share: float) -> list[Trial]:
    """Return the trials that close gaps behind a letter.

    Args:
        font: the font.
        least: gaps that must be seen.
        share: of the letter's places that a gap must follow.
    """
    patterns = _GAP_AFTER.values()
    return [_without_gap(pattern) for pattern in patterns if _often_apart(font, pattern, least, share)]


def own_replaced(
    font: Font, pattern: re.Pattern[str], make: Callable[[re.Match[str]], Replacement]
) -> Mapped:
    """Replace the matches whose last visible letter is the font's own."""

    def guarded(match: re.Match[str]) -> Replacement:
        last = match.start() + len(match[0].rstrip(" ")) - 1
        return make(match) if font.owns(last) else (match[0], range(len(match[0])))

    return font.text.replace(pattern, guarded)


def own_translated(font: Font, letters: Mapping[str, str]) -> Mapped:
    """Replace single letters of the font by single letters."""
    text = font.text.text
    found = [m.start() for m in re.finditer(f"[{''.join(letters)}]", text) if font.owns(m.start())]
    if not found:
        return font.text
    out = list(text)
    for at in found:
        out[at] = letters[out[at]]
    return Mapped("".join(out), font.text.origin)


def _set_apart(font: Font) -> Mapped:
    """A blank and ำ is the true ำ, every other ำ is า."""
    held = "\ue000"
    text = own_replaced(font, _APART, lambda match: (held, (len(match[0]) - 1,)))
    again = font.with_text(text)
    text = own_translated(again, {AM: AA})
    return Mapped(text.text.replace(held, AM), text.origin)


def _swapped(font: Font) -> Mapped:
    """Each stands for the other."""
    return own_translated(font, {AM: AA, AA: AM})


def _every_aa_as_am(font: Font) -> Mapped:
    """Both read as ำ: the true ones are told by the word."""
    plain = own_translated(font, {AM: AA})
    return _ring_lost(font.with_text(plain))


def _ring_lost(font: Font) -> Mapped:
    """Both read as า: the true ำ is told by the word."""
    text = own_replaced(font, STEMS, lambda match: (match[0][:-1] + AM, range(len(match[0]))))
    return ring_by_words(text, font.with_text(text).owns)


def _unknown_parts(font: Font) -> Mapped:
    """A glyph without code is the ring or the foot of ำ where it stands beside the other part; elsewhere it is nothing."""
    text = own_replaced(font, _UNKNOWN_RING, _as_am)
    text = own_replaced(
        font.with_text(text), _UNKNOWN_FOOT, lambda m: (m[1] + AM, (*range(1, 1 + len(m[1])), 0))
    )
    return own_replaced(font.with_text(text), _UNKNOWN_REST, lambda match: ("", ()))


def _as_am(match: re.Match[str]) -> Replacement:
    tone, last = match[1] or match[2] or "", len(match[0]) - 1
    if not tone:
        return AM, (last,)
    return tone + AM, (match.start(1 if match[1] else 2) - match.start(), last)


def _without_echo(font: Font) -> Mapped:
    """A mark drawn twice, the second time over the next letter, is there once."""
    return own_replaced(font, ECHO, lambda match: (match[0][:2], (0, 1)))


def _without_gap(pattern: re.Pattern[str]) -> Trial:
    def closed(font: Font) -> Mapped:
        return own_replaced(font, pattern, lambda match: (match[0][0], (0,)))

    return closed


def _often_apart(font: Font, pattern: re.Pattern[str], least: int, share: float) -> bool:
    """Tell whether a blank follows the letter so often as no writer sets one."""
    text, letter = font.text.text, pattern.pattern[0]
    apart = sum(font.owns(match.start()) for match in pattern.finditer(text))
    if apart < least:
        return False
    places = sum(font.owns(match.start()) for match in re.finditer(f"{letter}(?!{letter})", text))
    return apart >= share * places
