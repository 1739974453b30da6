"""The settings of judging that a trained model brings with it: learnt thresholds, never numbers in the code."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from models.judging.distribution import Loss
from models.judging.listing import Listing
from models.judging.rules import RuleSettings
from models.judging.states import UNTAUGHT, StateModel


class JudgementSettings(BaseModel):
    """How probabilities of passages become a draft.

    Attributes:
        evidence_from: point -> least probability with which a passage is listed as evidence.
        facet_from: least probability with which a passage is said to support a facet.
        part_from: the same for one part of a facet (a mission, inside or outside): single parts get low probabilities.
        parts_from: the same for single facets with parts, by ``point.facet``, as learnt.
        facets_from: ``facet_from`` of single facets without parts, by ``point.facet``, as learnt.
        detail_from: least probability with which a passage is said to carry detail.
        other_from: least probability with which an intent, restatement or negative is shown beside.
        abstain_below: the draft abstains where the shown score is less likely than this.
        unsure_within: a point is named unsure where P(done) or P(clear) is this near to one half.
        states: from support to done and clear.
        loss: what a wrong score costs.
        score_weights: score -> by how much oftener it is true than the points alone would say (points of one office stand
            and fall together, and offices are not spread as chance would spread them).
        rules: which rules are on.
    """

    model_config = ConfigDict(frozen=True)

    evidence_from: Mapping[int, float] = {}
    evidence_default: float = 0.4
    facet_from: float = 0.5
    part_from: float = 0.2
    parts_from: Mapping[str, float] = {}
    facets_from: Mapping[str, float] = {}
    detail_from: float = 0.5
    other_from: float = 0.5
    abstain_below: float = 0.4
    unsure_within: float = 0.15
    states: StateModel = UNTAUGHT
    loss: Loss = Loss()
    score_weights: Mapping[int, float] = {}
    rules: RuleSettings = RuleSettings()

    def threshold(self, point: int) -> float:
        """Least probability of evidence for ``point``."""
        return self.evidence_from.get(point, self.evidence_default)

    def listing(self, point: int) -> Listing:
        """From which probabilities the draft of ``point`` prints passages, facets, parts and detail."""

        def of_point(learnt: Mapping[str, float]) -> dict[str, float]:
            own = f"{point}."
            return {key.removeprefix(own): least for key, least in learnt.items() if key.startswith(own)}

        return Listing(
            self.threshold(point),
            self.facet_from,
            self.detail_from,
            self.part_from,
            of_point(self.parts_from),
            of_point(self.facets_from),
        )
