"""The light model: logistic regressions on words, context and lexicon. Small, fast, and there when nothing else is.

Practice of a point is asked in two ways and averaged: directly (is this practice of point p?) and as topic × role
(is it about p, and is it practice at all?). The second learns the role from all points together, which is where most
errors of the first lie: the right point, but an intent taken for practice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.columns import Columns, Floats, targets_of
from models.labelled import LabelledPassage
from models.passages import ROLES, Passage
from models.scoring.features import FeatureSpace, Vocabulary
from models.scoring.linear import LinearHeads, fit_heads
from rubric import Rubric

_STRENGTH = {"practice": 8.0, "topic": 8.0, "role": 8.0, "facet": 8.0, "detail": 4.0}
"""Inverse regularisation per group of heads, found by splits over authors."""


@dataclass(frozen=True)
class WordsModel:
    """A trained light model. Its answers are probabilities that are not yet calibrated.

    Attributes:
        space: the features.
        heads: one linear head per column.
        columns: what the heads answer.
    """

    space: FeatureSpace
    heads: LinearHeads
    columns: Columns

    @classmethod
    def train(
        cls,
        rubric: Rubric,
        rows: Sequence[LabelledPassage],
        seed: int = 0,
        channels: Collection[str] = ("text", "context"),
    ) -> WordsModel:
        """Train on labelled passages (deterministic for a seed); ``channels`` whose words are counted."""
        columns = Columns.of(rubric)
        passages = [row.passage for row in rows]
        space = FeatureSpace.learn(rubric, passages, channels)
        heads = fit_heads(space.matrix(passages), targets_of(rows, columns), columns, _STRENGTH, seed)
        return cls(space, heads, columns)

    def scores(self, passages: Sequence[Passage]) -> Floats:
        """Return (n, columns) probabilities."""
        if not passages:
            return np.zeros((0, len(self.columns)), np.float32)
        return combined(self.heads.probabilities(self.space.matrix(passages), self.columns), self.columns)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The learnt numbers, for a model file."""
        arrays: dict[str, NDArray[np.generic]] = dict(self.heads.arrays())
        for name, vocabulary in self.space.vocabularies.items():
            arrays[f"idf.{name}"] = vocabulary.idf.astype(np.float16)
        return arrays

    def words(self) -> dict[str, tuple[str, ...]]:
        """The vocabularies, for a model file."""
        return {name: vocabulary.words for name, vocabulary in self.space.vocabularies.items()}

    @classmethod
    def of(
        cls, rubric: Rubric, arrays: Mapping[str, NDArray[np.generic]], words: Mapping[str, Sequence[str]]
    ) -> WordsModel:
        """Build the model again from what :meth:`arrays` and :meth:`words` gave."""
        vocabularies = {
            name: Vocabulary(tuple(known), np.asarray(arrays[f"idf.{name}"], np.float32))
            for name, known in words.items()
        }
        columns = Columns.of(rubric)
        return cls(FeatureSpace(rubric, vocabularies), LinearHeads.of(arrays), columns)


def combined(scores: Floats, columns: Columns) -> Floats:
    """Replace direct practice by its mean with topic × practice role."""
    out = scores.copy()
    role = scores[:, columns.roles.start + ROLES.index("practice")][:, None]
    out[:, columns.practice] = (scores[:, columns.practice] + scores[:, columns.topic] * role) / 2
    return out
