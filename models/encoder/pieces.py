"""Cutting text into the encoder's pieces: the unigram tokenizer of the starting weights, with a vocabulary pruned to Thai.

Of 250,000 pieces only those that Thai office documents can need are kept (Thai, digits, punctuation, the likelier Latin
ones), which makes the model a quarter of its size. A cut is the most probable sequence of pieces (Viterbi); characters
without a piece become the unknown piece.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from models.encoder.weights import StartingWeights

_THAI = re.compile("[\u0e00-\u0e7f]")
_LATIN = re.compile("[A-Za-z]")
_WANTED = re.compile(
    "^[\u2581\u0e00-\u0e7f\x20-\x7e\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u00b0\u00b2\u00d7\u00bd]+$"
)
_BLANK = "\u2581"
_UNKNOWN_PENALTY = 10.0
_LATIN_KEPT = 6000
"""Latin pieces kept, the likeliest first."""
_RARE = -13.5
"""Log probability below which a Thai piece is kept only where the texts use it."""
_CACHED_WORDS = 200_000


@dataclass(frozen=True)
class Vocabulary:
    """Pieces with their log probabilities and the ids of the special ones.

    >>> toy = Vocabulary(["<s>", "<pad>", "</s>", "<unk>", "▁กา", "ร"], [0, 0, 0, 0, -1, -1], {}, 0, 2, 1, 3)
    >>> toy.ids("การ")
    [4, 5]
    """

    pieces: list[str]
    scores: list[float]
    normaliser: dict[int, str]
    begin: int
    end: int
    pad: int
    unknown: int
    _index: dict[str, tuple[int, float]] = field(init=False, repr=False)
    _longest: int = field(init=False, repr=False)
    _unknown_score: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        special = {self.begin, self.end, self.pad, self.unknown}
        index = {
            p: (i, float(s))
            for i, (p, s) in enumerate(zip(self.pieces, self.scores, strict=True))
            if p and i not in special
        }
        object.__setattr__(self, "_index", index)
        object.__setattr__(self, "_longest", max(map(len, index)))
        object.__setattr__(self, "_unknown_score", min(self.scores) - _UNKNOWN_PENALTY)
        object.__setattr__(self, "_cut", lru_cache(_CACHED_WORDS)(self._viterbi))

    def ids(self, text: str) -> list[int]:
        """Return the piece ids of ``text`` without begin and end.

        Pieces never run over a blank, so each blank-separated stretch is cut by itself and remembered.
        """
        ids: list[int] = []
        for word in text.translate(self.normaliser).split():
            ids += self._cut(_BLANK + word)  # type: ignore[attr-defined]
        return ids

    def _viterbi(self, text: str) -> tuple[int, ...]:
        length, unknown_score = len(text), self._unknown_score
        best = [0.0] + [-1e30] * length
        came_from, piece = [0] * (length + 1), [self.unknown] * (length + 1)
        for start in range(length):
            for end in range(start + 1, min(length, start + self._longest) + 1):
                found = self._index.get(text[start:end])
                if found is not None and best[start] + found[1] > best[end]:
                    best[end], came_from[end], piece[end] = best[start] + found[1], start, found[0]
            if best[start] + unknown_score > best[start + 1]:
                best[start + 1], came_from[start + 1], piece[start + 1] = (
                    best[start] + unknown_score,
                    start,
                    self.unknown,
                )
        cut, at = [], length
        while at > 0:
            cut.append(piece[at])
            at = came_from[at]
        return tuple(reversed(cut))

    def save(self, path: Path) -> None:
        """Write the vocabulary as JSON."""
        content = {
            "pieces": self.pieces,
            "scores": [round(float(s), 4) for s in self.scores],
            "normaliser": {str(k): v for k, v in self.normaliser.items()},
            "special": [self.begin, self.end, self.pad, self.unknown],
        }
        path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), "utf-8")

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read what ``save`` wrote."""
        content = json.loads(path.read_text("utf-8"))
        normaliser = {int(k): v for k, v in content["normaliser"].items()}
        return cls(content["pieces"], content["scores"], normaliser, *content["special"])


def pruned(weights: StartingWeights, texts: Iterable[str]) -> tuple[Vocabulary, list[int]]:
    """Choose the pieces to keep; return the new vocabulary and the kept ids of the old one, in the new order.

    Kept are the specials, every wanted piece that occurs in ``texts``, Thai pieces more likely than ``_RARE``, digits and
    punctuation, and the ``_LATIN_KEPT`` likeliest Latin pieces.
    """
    special = {weights.begin, weights.end, weights.pad, weights.unknown}
    whole = Vocabulary(
        weights.pieces,
        weights.scores.tolist(),
        weights.normaliser,
        weights.begin,
        weights.end,
        weights.pad,
        weights.unknown,
    )
    used = {i for text in texts for i in whole.ids(text)}
    thai, other, latin_pieces = set(), set(), []
    for i, piece in enumerate(weights.pieces):
        if i in special or not _WANTED.match(piece):
            continue
        if _THAI.search(piece):
            if weights.scores[i] > _RARE or len(piece) <= 2:
                thai.add(i)
        elif _LATIN.search(piece):
            latin_pieces.append(i)
        else:
            other.add(i)
    likeliest = sorted(latin_pieces, key=lambda i: -weights.scores[i])[:_LATIN_KEPT]
    keep = sorted(special | used | thai | other | set(likeliest))
    new = {old: i for i, old in enumerate(keep)}
    wanted_points = (
        {ord(c) for i in keep for c in weights.pieces[i]} | set(range(0xE00, 0xE80)) | set(range(0x20, 0x250))
    )
    normaliser = {k: v for k, v in weights.normaliser.items() if k in wanted_points}
    vocabulary = Vocabulary(
        [weights.pieces[i] for i in keep],
        [float(weights.scores[i]) for i in keep],
        normaliser,
        new[weights.begin],
        new[weights.end],
        new[weights.pad],
        new[weights.unknown],
    )
    return vocabulary, keep
