"""What the light model sees of a passage: its words, the words around it, the lexicon's hits, and its place on the page.

Text and context are counted apart, because the same word means one thing in a passage (``จัดประชุม`` was done) and
another in the heading above it (``ปฏิทินการประชุม``: a plan). Numbers are masked (:func:`models.text.tokenizer.masked_words`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.passages import Passage
from models.text.keywords import KeywordMatcher
from models.text.tokenizer import masked_words, normalise
from rubric import Rubric

TYPES = ("heading", "paragraph", "list_item", "table_row", "caption")
KINDS = ("plan", "report", "other")
_RARE = 3
"""A word met in fewer training passages is left out: it can only be learnt by heart."""
_KEYWORD_SCALE, _PLACE_SCALE, _CONTEXT_SCALE = 0.35, 0.5, 0.6
"""How loudly each group speaks beside the passage's own words (row length 1); found by splits over authors."""


@dataclass(frozen=True)
class Vocabulary:
    """Words of one channel with their inverse document frequency, learnt from training passages."""

    words: tuple[str, ...]
    idf: NDArray[np.float32]

    @classmethod
    def learn(cls, documents: Sequence[Sequence[str]], rare: int = _RARE) -> Vocabulary:
        """Keep the words that stand in at least ``rare`` documents."""
        frequency = Counter(word for document in documents for word in set(document))
        words = tuple(sorted(word for word, count in frequency.items() if count >= rare))
        counts = np.array([frequency[word] for word in words], np.float64)
        return cls(words, (np.log((1 + len(documents)) / (1 + counts)) + 1).astype(np.float32))

    def matrix(self, documents: Iterable[Sequence[str]]) -> sparse.csr_matrix:
        """Return the documents' tf-idf rows (sublinear, length 1), shape (n, words)."""
        place = {word: column for column, word in enumerate(self.words)}
        indices: list[int] = []
        counts: list[float] = []
        ends = [0]
        for document in documents:
            found = Counter(column for word in document if (column := place.get(word)) is not None)
            indices.extend(found)
            counts.extend(found.values())
            ends.append(len(indices))
        columns = np.array(indices, np.int32)
        values = (
            (1 + np.log(np.array(counts, np.float32))) * self.idf[columns]
            if indices
            else np.zeros(0, np.float32)
        )
        rows = sparse.csr_matrix((values, columns, np.array(ends)), shape=(len(ends) - 1, len(self.words)))
        return _unit_rows(rows)


def _unit_rows(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1
    return sparse.csr_matrix(sparse.diags((1 / lengths).astype(np.float32)) @ rows, dtype=np.float32)


class FeatureSpace:
    """The features of one trained model: two vocabularies and a lexicon.

    Args:
        rubric: its lexicon is counted; a model is bound to the rubric it was trained for.
        vocabularies: ``text`` and ``context``, from :meth:`learn` or a model file.
    """

    def __init__(self, rubric: Rubric, vocabularies: Mapping[str, Vocabulary]) -> None:
        self.rubric = rubric
        self.vocabularies = dict(vocabularies)
        self.matcher = KeywordMatcher(rubric.lexicon)
        tags = [f"{number}" for number in rubric.numbers]
        tags += [f"{number}:{key}" for number, key in rubric.facets()]
        tags += list(rubric.lexicon.cues)
        self._tags = {tag: column for column, tag in enumerate(tags)}
        self._counted = lru_cache(maxsize=4096)(self._count_tags)

    @classmethod
    def learn(
        cls, rubric: Rubric, passages: Sequence[Passage], channels: Collection[str] = ("text", "context")
    ) -> FeatureSpace:
        """Learn the vocabularies of ``channels`` from training passages; a channel left out counts no words."""
        return cls(
            rubric,
            {
                name: Vocabulary.learn([words(p) for p in passages] if name in channels else [])
                for name, words in CHANNELS.items()
            },
        )

    @property
    def width(self) -> int:
        """Number of columns of :meth:`matrix`."""
        words = sum(len(vocabulary.words) for vocabulary in self.vocabularies.values())
        return words + 2 * len(self._tags) + len(TYPES) * (len(KINDS) + 1) + _SHAPES

    def matrix(self, passages: Sequence[Passage]) -> sparse.csr_matrix:
        """Return the features, shape (n, :attr:`width`): words, context, keywords of both, place and shape."""
        channels = [
            self.vocabularies[name].matrix(words(p) for p in passages)
            * (1.0 if name == "text" else _CONTEXT_SCALE)
            for name, words in CHANNELS.items()
        ]
        dense = np.hstack([self._keywords(passages) * _KEYWORD_SCALE, _place(passages) * _PLACE_SCALE])
        return sparse.csr_matrix(sparse.hstack([*channels, sparse.csr_matrix(dense)]), dtype=np.float32)

    def _keywords(self, passages: Sequence[Passage]) -> NDArray[np.float32]:
        """Damped counts of terms per point and facet and of cues, in the text and in what stands above it."""
        width = len(self._tags)
        counts = np.zeros((len(passages), 2 * width), np.float32)
        for row, passage in enumerate(passages):
            for column, count in self._count_tags(passage.text):
                counts[row, column] = count
            for column, count in self._counted(_above(passage)):
                counts[row, width + column] = count
        damped: NDArray[np.float32] = np.log1p(counts)
        return damped

    def _count_tags(self, text: str) -> tuple[tuple[int, int], ...]:
        counts: Counter[int] = Counter()
        for match in self.matcher.matches(normalise(text)):
            for point, _, facets in match.entry.points:
                counts[self._tags[str(point)]] += 1
                counts.update(self._tags[f"{point}:{facet}"] for facet in facets)
            counts.update(self._tags[cue] for cue in match.entry.cues)
        return tuple(counts.items())


def _pairs(words: Sequence[str]) -> list[str]:
    return [*words, *(f"{one} {two}" for one, two in pairwise(words))]


def _text_words(passage: Passage) -> list[str]:
    return _pairs(masked_words(passage.text))


def _above(passage: Passage) -> str:
    return " | ".join([*passage.heading_path[-2:], passage.table_header])


def _context_words(passage: Passage) -> list[str]:
    headings = [word for heading in passage.heading_path for word in masked_words(heading)]
    header = masked_words(passage.table_header)
    return [
        *(f"h:{word}" for word in headings),
        *(
            f"n:{word}"
            for word in _pairs(masked_words(passage.heading_path[-1]) if passage.heading_path else ())
        ),
        *(f"t:{word}" for word in _pairs(header)),
    ]


CHANNELS: dict[str, Callable[[Passage], list[str]]] = {"text": _text_words, "context": _context_words}
_SHAPES = 6


def _place(passages: Sequence[Passage]) -> NDArray[np.float32]:
    """Type of block by kind of document (one of each pair), then six figures of the text's shape."""
    kinds = len(KINDS) + 1
    place = np.zeros((len(passages), len(TYPES) * kinds + _SHAPES), np.float32)
    for row, passage in enumerate(passages):
        kind = KINDS.index(passage.document_kind) if passage.document_kind else len(KINDS)
        place[row, TYPES.index(passage.type) * kinds + kind] = 1
        words = masked_words(passage.text)
        place[row, -_SHAPES:] = (
            min(len(words), 120) / 60,
            min(words.count("<num>"), 6) / 3,
            float("<year>" in words),
            float("<month>" in words),
            float(not words),
            float(bool(passage.heading_path)),
        )
    return place
