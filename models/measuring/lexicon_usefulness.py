"""What each keyword is worth on reviewed cases, which words reviewers' corrections ask for, and what an edit would change.

A keyword that hits often and is right seldom only distracts; one that never hits is dead. Candidates are words that stand in
confirmed evidence of a point far more often than elsewhere and are in no lexicon yet. An edit is tried before it is saved:
all reviewed passages are judged under both lexicons, and what would be decided otherwise is shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy.stats import fisher_exact

from models.labelled import LabelledOffice, LabelledPassage
from models.measuring.labelled_office import judge_office
from models.measuring.measures import wilson
from models.measuring.term_figures import Candidate, TermWorth
from models.scoring.model import LoadedModel
from models.scoring.words import WordsModel
from models.text.keywords import KeywordMatcher
from models.text.tokenizer import masked_words
from rubric import Lexicon, Rubric
from rubric.exceptions import UserError
from rubric.language import Bilingual
from rubric.lexicon import GENERAL
from rubric.scoring import state_of

LEAST_HITS = 3
LEAST_RATIO = 3.0
CHANCE = 0.001


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of one point's keywords; ``facet`` is a facet's key or ``any``."""

    point: int
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    facet: str = GENERAL


@dataclass(frozen=True, slots=True)
class Changed:
    """What an edit would change in one submission: its score, its points' states, its evidence."""

    submission: str
    score: tuple[int, int]
    points: tuple[tuple[int, str, str], ...]
    gained: tuple[tuple[int, str], ...]
    lost: tuple[tuple[int, str], ...]


def worth_of_terms(rubric: Rubric, offices: Sequence[LabelledOffice]) -> list[TermWorth]:
    """Count hits and right hits of every keyword over reviewed passages, by point, most hits first."""
    matcher = KeywordMatcher(rubric.lexicon)
    hits: Counter[tuple[int, str]] = Counter()
    right: Counter[tuple[int, str]] = Counter()
    for row in _rows(offices):
        evidence = _evidence_points(row)
        for point, term in {(hit.point, hit.term) for hit in matcher.hits(row.passage.text) if hit.point}:
            hits[point, term] += 1
            right[point, term] += point in evidence
    found = []
    for listed in rubric.lexicon.terms():
        key = (listed.point, listed.text)
        low, high = wilson(right[key], hits[key])
        found.append(TermWorth(listed.point, listed.text, hits[key], right[key], low, high))
    return sorted(found, key=lambda one: (one.point, -one.hits, one.term))


def candidates(rubric: Rubric, offices: Sequence[LabelledOffice], most: int = 10) -> list[Candidate]:
    """Mine words that corrections ask for: over-represented in a point's evidence, and in no lexicon yet."""
    inside: dict[int, Counter[str]] = defaultdict(Counter)
    everywhere: Counter[str] = Counter()
    sizes: Counter[int] = Counter()
    total = 0
    for row in _rows(offices):
        words = _terms_of(row)
        everywhere.update(words)
        total += 1
        for point in _evidence_points(row):
            inside[point].update(words)
            sizes[point] += 1
    known = [term.text for term in rubric.lexicon.terms()]
    found = []
    for point in rubric.numbers:
        mine = [
            one
            for term, count in inside[point].items()
            if count >= LEAST_HITS and not any(term in other or other in term for other in known)
            if (one := _candidate(point, term, count, everywhere[term] - count, sizes[point], total))
            is not None
        ]
        found += sorted(mine, key=lambda one: (-one.ratio * np.log1p(one.inside), one.term))[:most]
    return found


def _candidate(point: int, term: str, inside: int, outside: int, size: int, total: int) -> Candidate | None:
    rest = total - size
    if not rest:
        return None
    ratio = (inside / size) / ((outside + 0.5) / rest)
    if ratio < LEAST_RATIO:
        return None
    table = [[inside, size - inside], [outside, rest - outside]]
    if fisher_exact(table, alternative="greater").pvalue > CHANCE:
        return None
    return Candidate(point, term, inside, outside, round(ratio, 1))


def edited(rubric: Rubric, edits: Sequence[Edit], version: str) -> Rubric:
    """Return the rubric with its lexicon edited, under a new lexicon version.

    Raises:
        UserError: a point or facet that is not there, or a word to remove that is not in the lexicon.
    """
    points = {number: dict(facets) for number, facets in rubric.lexicon.points.items()}
    for edit in edits:
        if edit.point not in rubric.numbers:
            raise _wrong(f"ไม่มีประเด็นที่ {edit.point}", f"There is no point {edit.point}.")
        if edit.facet != GENERAL and edit.facet not in rubric.point(edit.point).facet_keys:
            raise _wrong(f"ไม่มีองค์ประกอบ {edit.facet}", f"Point {edit.point} has no facet {edit.facet}.")
        points[edit.point] = _edited_point(points.get(edit.point, {}), edit)
    lexicon = Lexicon.model_validate({**rubric.lexicon.model_dump(), "points": points, "version": version})
    return rubric.model_copy(update={"lexicon": lexicon})


def _edited_point(facets: Mapping[str, tuple[str, ...]], edit: Edit) -> dict[str, tuple[str, ...]]:
    present = {term for terms in facets.values() for term in terms}
    for term in edit.remove:
        if term not in present:
            raise _wrong(
                f"ไม่มีคำ “{term}” ในประเด็นที่ {edit.point}", f"Point {edit.point} has no keyword {term!r}."
            )
    kept = {key: tuple(t for t in terms if t not in edit.remove) for key, terms in facets.items()}
    before = kept.get(edit.facet, ())
    kept[edit.facet] = (*before, *(term for term in edit.add if term not in before))
    return kept


def preview(
    before: Rubric, after: Rubric, model: LoadedModel, offices: Sequence[LabelledOffice]
) -> list[Changed]:
    """Judge the submissions under both lexicons with the same weights; returns those that would be decided otherwise."""
    other = with_lexicon(model, after)
    found = []
    for office in offices:
        old, new = judge_office(before, model, office), judge_office(after, other, office)
        was = {(e.point, office.rows[e.item].passage.text) for p in old.points for e in p.evidence}
        now = {(e.point, office.rows[e.item].passage.text) for p in new.points for e in p.evidence}
        points = tuple(
            (a.point, state_of(a.done, a.clear), state_of(b.done, b.clear))
            for a, b in zip(old.points, new.points, strict=True)
            if (a.done, a.clear) != (b.done, b.clear)
        )
        if old.score != new.score or points or was != now:
            found.append(
                Changed(
                    office.id,
                    (old.score, new.score),
                    points,
                    tuple(sorted(now - was)),
                    tuple(sorted(was - now)),
                )
            )
    return found


def with_lexicon(model: LoadedModel, rubric: Rubric) -> LoadedModel:
    """Return the model reading with another lexicon: the same weights on the new hits."""
    scorers = [
        (
            WordsModel(type(scorer.space)(rubric, scorer.space.vocabularies), scorer.heads, scorer.columns)
            if isinstance(scorer, WordsModel)
            else scorer,
            weight,
        )
        for scorer, weight in model.scorers
    ]
    return replace(model, rubric=rubric, scorers=scorers)


def _rows(offices: Sequence[LabelledOffice]) -> list[LabelledPassage]:
    return [row for office in offices for row in office.rows]


def _evidence_points(row: LabelledPassage) -> set[int]:
    return {label.point for label in row.labels if label.role == "practice"}


def _terms_of(row: LabelledPassage) -> set[str]:
    """Words and pairs of neighbouring words that could be keywords: Thai or Latin letters, no masks, no particles."""
    words = masked_words(row.passage.text)
    single = {word for word in words if _telling(word)}
    pairs = {one + two for one, two in pairwise(words) if _telling(one) and _telling(two)}
    return single | pairs


def _telling(word: str) -> bool:
    return len(word) >= 4 and not word.startswith("<") and any(character.isalpha() for character in word)


def _wrong(thai: str, english: str) -> UserError:
    return UserError(Bilingual(thai, english), Bilingual("ตรวจสอบคำสั่งแก้ไขคำสำคัญ", "Check the edit."))
