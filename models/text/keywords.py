"""Where in a passage the lexicon's words stand: for the reviewer's eye, and as features for the classifier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import ahocorasick

from models.passages import KeywordHit
from models.text.tokenizer import normalise, normalise_with_offsets, splits_syllable, word_boundaries
from rubric import Lexicon

_SHORT = 5
"""Thai terms up to this length must stand on word boundaries: ``จะ`` is no word of ``จะนะ``; longer ones are telling."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """What one spelling in the automaton stands for: terms of points, and cues."""

    text: str
    points: tuple[tuple[int, str, tuple[str, ...]], ...]
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """One spelling met at ``start:end`` of the normalised text."""

    start: int
    end: int
    entry: _Entry


class KeywordMatcher:
    """Finds all terms and cues of a lexicon in one pass (Aho–Corasick), whatever their number.

    Of overlapping terms of the same point the longer is kept (``รายงานผลการดำเนินงาน`` over ``รายงานผล``); terms of
    different points, and cues, may overlap, because each tells something else.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        entries = _entries(lexicon)
        self._automaton = ahocorasick.Automaton()
        for entry in entries:
            self._automaton.add_word(entry.text, entry)
        if entries:
            self._automaton.make_automaton()
        self._empty = not entries

    def hits(self, text: str) -> tuple[KeywordHit, ...]:
        """Return the terms and cues met in ``text``, by place; spans are of ``text`` as given."""
        normalised = normalise_with_offsets(text)
        found = []
        for match in self.matches(normalised.text):
            start, end = normalised.span(match.start, match.end)
            found += [KeywordHit(start, end, term, point) for point, term, _ in match.entry.points]
            found += [KeywordHit(start, end, match.entry.text, None, cue) for cue in match.entry.cues]
        return tuple(found)

    def matches(self, normalised: str) -> list[Match]:
        """Return the matches in text that :func:`models.text.tokenizer.normalise` has been through, by place."""
        if self._empty or not normalised:
            return []
        candidates = list(self._candidates(normalised))
        if not candidates:
            return []
        boundaries = word_boundaries(normalised)
        standing = [match for match in candidates if _stands_alone(normalised, match, boundaries)]
        return _longest(standing)

    def _candidates(self, normalised: str) -> Iterator[Match]:
        for last, entry in self._automaton.iter(normalised):
            yield Match(last + 1 - len(entry.text), last + 1, entry)


def _entries(lexicon: Lexicon) -> list[_Entry]:
    points: dict[str, list[tuple[int, str, tuple[str, ...]]]] = {}
    for term in lexicon.terms():
        points.setdefault(normalise(term.text), []).append((term.point, term.text, term.facets))
    cues: dict[str, list[str]] = {}
    for cue, expressions in lexicon.cues.items():
        for expression in expressions:
            cues.setdefault(normalise(expression), []).append(cue)
    return [
        _Entry(text, tuple(points.get(text, ())), tuple(cues.get(text, ())))
        for text in sorted({*points, *cues})
    ]


def _stands_alone(text: str, match: Match, boundaries: frozenset[int]) -> bool:
    """Whether the match is a word of its own and not a piece of another one."""
    if _is_latin(text[match.start]) and match.start and _is_latin(text[match.start - 1]):
        return False
    if _is_latin(text[match.end - 1]) and match.end < len(text) and _is_latin(text[match.end]):
        return False
    if splits_syllable(text, match.start) or splits_syllable(text, match.end):
        return False
    if len(match.entry.text) > _SHORT or _is_latin(text[match.start]):
        return True
    return match.start in boundaries and match.end in boundaries


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _longest(matches: Sequence[Match]) -> list[Match]:
    """Drop matches that lie within a longer one telling of all the same points and cues."""
    by_length = sorted(matches, key=lambda match: match.start - match.end)
    kept: list[Match] = []
    for match in by_length:
        inside = (
            other
            for other in kept
            if other.start <= match.start and match.end <= other.end and other is not match
        )
        told = {tag for other in inside for tag in _tags(other.entry)}
        if not _tags(match.entry) <= told:
            kept.append(match)
    return sorted(kept, key=lambda match: (match.start, match.end))


def _tags(entry: _Entry) -> set[int | str]:
    return {*(point for point, _, _ in entry.points), *entry.cues}
