"""The model that screening uses: scorers averaged, calibrated, and answered as predictions with their keywords.

One model has two modes: ``full`` averages words and encoder, ``quick`` is words alone. Each mode has its own calibration
and settings, because thresholds learnt for one do not fit the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np

from models.columns import Columns, Floats
from models.judging.thresholds import JudgementSettings
from models.passages import ROLES, Passage, Prediction
from models.scoring.calibration import Calibration, logit
from models.scoring.spans import merged, with_spans
from models.text.keywords import KeywordMatcher
from rubric import Rubric

Mode = Literal["full", "quick"]
_EXPLAINED_FROM = 0.05
"""Passages less likely than this to touch any point get no keyword spans: nobody will look at them."""


_CLOSER_LOOK_FROM = 0.03
"""Passages that words find less likely than this to be practice of any point are not read by the encoder, which takes most of the
time of a run. On the corpus, each author unseen, that spares it four in ten passages and costs 2 of some 4,500 flags
that were right (``python -m benchmarks.closer_look``)."""


class Scorer(Protocol):
    """Anything that fills the columns for passages with probabilities (not yet calibrated)."""

    def scores(self, passages: Sequence[Passage]) -> Floats:
        """Return (n, columns)."""
        ...


@dataclass(frozen=True)
class LoadedModel:
    """A model ready to judge passages.

    Attributes:
        id: names the trained content and the mode; drafts carry it.
        scorers: with the weight of each in the mean.
        judgement: settings for :func:`models.judging.judgement.judge`.
        card: the model card's figures.
    """

    id: str
    rubric: Rubric
    mode: Mode
    scorers: Sequence[tuple[Scorer, float]]
    calibration: Calibration
    judgement: JudgementSettings
    card: Mapping[str, Any] = field(default_factory=dict)

    def predict(self, passages: Sequence[Passage]) -> list[Prediction]:
        """Judge the passages, in order; one prediction each."""
        if not passages:
            return []
        return to_predictions(
            self.calibration.apply(self.scores(passages)), self.columns, passages, self._matcher
        )

    def scores(self, passages: Sequence[Passage]) -> Floats:
        """Return (n, columns), not calibrated; long passages are read span by span as well."""
        read, first = with_spans(passages)
        return merged(self._scores(read), first, self.columns)

    def _scores(self, passages: Sequence[Passage]) -> Floats:
        """The first scorer's answer, and the mean of all where it pays."""
        (first, first_weight), *others = self.scorers
        scores = first.scores(passages)
        closer = worth_a_closer_look(scores, passages, self.columns) if others else []
        if closer:
            chosen = [passages[index] for index in closer]
            scores[closer] = blend(
                [(scores[closer], first_weight), *((s.scores(chosen), weight) for s, weight in others)],
                self.columns,
            )
        return scores

    @property
    def columns(self) -> Columns:
        """What the scorers answer."""
        return Columns.of(self.rubric)

    @property
    def _matcher(self) -> KeywordMatcher:
        return matcher_of(self.rubric)


_MATCHERS: dict[str, KeywordMatcher] = {}


def matcher_of(rubric: Rubric) -> KeywordMatcher:
    """The matcher of the rubric's lexicon, built once."""
    return _MATCHERS.setdefault(rubric.lexicon.model_dump_json(), KeywordMatcher(rubric.lexicon))


def worth_a_closer_look(scores: Floats, passages: Sequence[Passage], columns: Columns) -> list[int]:
    """Indices of the passages that the dearer scorers should read, going by the cheap one's ``scores``."""
    likely = scores[:, columns.practice].max(axis=1) >= _CLOSER_LOOK_FROM
    return [index for index, passage in enumerate(passages) if likely[index] and passage.type != "heading"]


def blend(scored: Sequence[tuple[Floats, float]], columns: Columns) -> Floats:
    """Average probabilities of several scorers: on the logit, and the roles as they are, so that they sum to 1."""
    if len(scored) == 1:
        return scored[0][0]
    total = sum(weight for _, weight in scored)
    mean = np.sum([logit(scores) * (weight / total) for scores, weight in scored], axis=0)
    out = (1 / (1 + np.exp(-mean))).astype(np.float32)
    out[:, columns.roles] = np.sum(
        [scores[:, columns.roles] * (weight / total) for scores, weight in scored], axis=0
    )
    return np.asarray(out, np.float32)


def to_predictions(
    scores: Floats, columns: Columns, passages: Sequence[Passage], matcher: KeywordMatcher
) -> list[Prediction]:
    """Turn calibrated scores (n, columns) into predictions with keyword spans."""
    facets = {point: columns.facets_of(point) for point in columns.points}
    predictions = []
    for row, passage in zip(scores.tolist(), passages, strict=True):
        topic = dict(zip(columns.points, row[columns.topic], strict=True))
        practice = dict(zip(columns.points, row[columns.practice], strict=True))
        worth_explaining = max(topic.values()) >= _EXPLAINED_FROM or max(practice.values()) >= _EXPLAINED_FROM
        predictions.append(
            Prediction(
                practice=practice,
                topic=topic,
                roles=dict(zip(ROLES, row[columns.roles], strict=True)),
                facets={point: {key: row[column] for column, key in keys} for point, keys in facets.items()},
                detail=row[columns.detail],
                hits=matcher.hits(passage.text) if worth_explaining else (),
            )
        )
    return predictions
