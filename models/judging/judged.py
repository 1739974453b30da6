"""The border between judging and everything that shows, stores or scores a judgement: its types, and nothing else.

The drafts, the review page and the evaluation read these; how they come about is in :mod:`models.judging.judgement`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from models.passages import KeywordHit, Passage, Prediction, Role
from rubric.language import Bilingual


@dataclass(frozen=True, slots=True)
class Item:
    """One passage of a submission with what the model says of it.

    Attributes:
        document: index of the document within the submission, from 0.
        position: index of the block within its document, from 0.
        read_by: ``ocr`` where the block was recognised from an image; no finding rests on its Thai digits alone.
    """

    document: int
    position: int
    passage: Passage
    prediction: Prediction
    read_by: Literal["text", "ocr"] = "text"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage held for or against a point.

    Attributes:
        item: index into the items given to :func:`models.judging.judgement.judge`.
        probability: that the passage is ``role`` of ``point``; for ``practice`` the calibrated one.
        facets: facet keys the passage is taken to support (``a``, ``b:วิชาการ``), only for practice.
        detail: it carries checkable detail, only for practice.
        hits: lexicon terms of this point in the passage.
        why: one sentence for the reviewer.
    """

    item: int
    point: int
    role: Role
    probability: float
    facets: tuple[str, ...]
    detail: bool
    hits: tuple[KeywordHit, ...]
    why: Bilingual


@dataclass(frozen=True, slots=True)
class PointJudgement:
    """What the draft says of one point.

    Attributes:
        missing_facets: facet keys that no passage of ``evidence`` shows with detail, a part where only a part is missing
            (``b:งบประมาณ``). A point that is clear may lack parts, never a whole facet.
        unsupported_detail: those of them that are listed, but by no passage with checkable detail.
        doubtful_facets: where the list shows all facets and the point is unclear all the same: those shown too unsurely.
        evidence: practice passages, best first.
        others: intent, restate and negative passages worth a look, best first; never counted as evidence.
        nearest: where nothing was found, the passages that came nearest, best first.
        contradicted: items that speak against evidence (promised or told, then cancelled).
        reason: one sentence saying why.
    """

    point: int
    done: bool
    done_probability: float
    clear: bool
    clear_probability: float
    missing_facets: tuple[str, ...]
    unsupported_detail: tuple[str, ...]
    doubtful_facets: tuple[str, ...]
    facet_probabilities: Mapping[str, float]
    evidence: tuple[Evidence, ...]
    others: tuple[Evidence, ...]
    nearest: tuple[Evidence, ...]
    contradicted: tuple[Evidence, ...]
    reason: Bilingual


@dataclass(frozen=True, slots=True)
class Attention:
    """A reason why a person should look at this draft first.

    ``code`` is stable: ``near_cut``, ``unsure_point``, ``contradiction``, ``not_found``, ``single_evidence``,
    ``no_evidence``, ``ocr_only``, ``unlisted_part`` (clear, yet no listed passage shows some part), ``doubtful_facet`` (unclear,
    though all is listed). ``point`` is None where the whole draft is meant.
    """

    code: str
    message: Bilingual
    point: int | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The draft's judgement of a submission.

    Attributes:
        score: the score with the least expected error under ``score_probabilities``.
        score_of_points: the score the rubric's table gives for the points as decided; may differ from ``score``.
        score_probabilities: score -> probability, over all states of the points; sums to 1.
        abstained: the model is too unsure to stand by the score; ``needs_attention`` says why.
    """

    points: tuple[PointJudgement, ...]
    score: int
    score_of_points: int
    score_probabilities: Mapping[int, float]
    needs_attention: tuple[Attention, ...]
    abstained: bool

    def point(self, number: int) -> PointJudgement:
        """Return the judgement of one point; KeyError where there is none."""
        for point in self.points:
            if point.point == number:
                return point
        raise KeyError(number)
