"""How good drafts are, held against submissions whose truth is known, with intervals over offices.

The same code measures drafts exported from the store and judgements fresh from a model, so that what a retraining is
judged by is what a reviewer gets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.judging.judged import Item, Judgement
from models.measuring.gold import GoldSubmission, Grams, best_match, grams_of
from models.measuring.measures import (
    CoveragePoint,
    Interval,
    ReliabilityBin,
    bootstrap,
    calibration_error,
    f1,
    ratio,
    reliability,
    risk_coverage,
    weighted_kappa,
)
from models.passages import ROLES


@dataclass(frozen=True, slots=True)
class SaidEvidence:
    """A passage a draft shows for a point."""

    text: str
    role: str
    facets: tuple[str, ...]
    detail: bool
    probability: float


@dataclass(frozen=True, slots=True)
class SaidPoint:
    """What a draft says of a point."""

    done: bool
    clear: bool
    done_probability: float
    clear_probability: float
    evidence: tuple[SaidEvidence, ...]


@dataclass(frozen=True, slots=True)
class SaidDraft:
    """A draft as far as it is measured."""

    submission: str
    score: int
    confidence: float
    abstained: bool
    points: Mapping[int, SaidPoint]


def draft_of_json(draft: Mapping[str, Any]) -> SaidDraft:
    """Read one entry of ``drafts`` as ``khetcheck export --format json`` writes it (docs/contract)."""
    points = {}
    for point in draft["points"]:
        evidence = tuple(
            SaidEvidence(
                str(one["text"]),
                str(one.get("role", "practice")),
                tuple(one.get("facets", ())),
                bool(one.get("detail", False)),
                float(one.get("probability", 1.0)),
            )
            for one in [*point.get("evidence", ()), *point.get("others", ())]
        )
        done, clear = bool(point["done"]), bool(point["clear"])
        points[int(point["point"])] = SaidPoint(
            done,
            clear,
            float(point.get("done_probability", done)),
            float(point.get("clear_probability", clear)),
            evidence,
        )
    score = int(draft["score"])
    confidence = float(draft.get("score_probabilities", {}).get(str(score), 1.0))
    return SaidDraft(str(draft["submission"]), score, confidence, bool(draft.get("abstained", False)), points)


def draft_of_judgement(submission: str, items: Sequence[Item], judgement: Judgement) -> SaidDraft:
    """Read a judgement fresh from a model."""
    points = {}
    for point in judgement.points:
        evidence = tuple(
            SaidEvidence(items[one.item].passage.text, one.role, one.facets, one.detail, one.probability)
            for one in (*point.evidence, *point.others)
        )
        points[point.point] = SaidPoint(
            point.done, point.clear, point.done_probability, point.clear_probability, evidence
        )
    confidence = judgement.score_probabilities[judgement.score]
    return SaidDraft(submission, judgement.score, confidence, judgement.abstained, points)


@dataclass
class _Case:
    """Counts of one submission, so that intervals can draw whole submissions."""

    score: tuple[int, int]
    confidence: float
    abstained: bool
    counts: Counter[str] = field(default_factory=Counter)
    shown: list[tuple[float, bool]] = field(default_factory=list)
    done: list[tuple[float, bool]] = field(default_factory=list)
    clear: list[tuple[float, bool]] = field(default_factory=list)


@dataclass(frozen=True)
class Evaluation:
    """All figures, each with its interval over offices.

    Attributes:
        figures: name -> figure; ``evidence_recall``, ``evidence_recall:3`` for point 3, ``role:intent`` (recall of the
            role), ``facet_f1``, ``detail_accuracy``, ``done_accuracy``, ``clear_accuracy``, ``judgements``,
            ``score_exact``, ``score_within_1``, ``score_kappa``, ``evidence_ece``, ``done_ece``, ``clear_ece``,
            ``answered`` (share not abstained), ``score_exact_answered``.
        reliability: of the passages shown as evidence.
        risk_coverage: of the score, when the least sure drafts are left to people.
        missing: submissions of the truth without a draft (counted as wrong).
        rows: per submission true score, draft score and the wrong points.
    """

    submissions: int
    figures: Mapping[str, Interval]
    reliability: Sequence[ReliabilityBin]
    risk_coverage: Sequence[CoveragePoint]
    missing: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]]


def evaluate(gold: Sequence[GoldSubmission], drafts: Sequence[SaidDraft], rounds: int = 500) -> Evaluation:
    """Hold drafts against the truth.

    Args:
        gold: submissions with known truth.
        drafts: what was drafted; drafts of other submissions are ignored.
        rounds: bootstrap rounds for the intervals.
    """
    by_id = {draft.submission: draft for draft in drafts}
    cases = [_case(truth, by_id.get(truth.id)) for truth in gold]
    points = sorted({number for truth in gold for number in truth.points})
    figures = {name: bootstrap(cases, figure, rounds) for name, figure in _figures(points).items()}
    shown = [pair for case in cases for pair in case.shown]
    return Evaluation(
        submissions=len(gold),
        figures=figures,
        reliability=reliability([p for p, _ in shown], [right for _, right in shown]),
        risk_coverage=risk_coverage([c.confidence for c in cases], [c.score[0] != c.score[1] for c in cases]),
        missing=tuple(truth.id for truth in gold if truth.id not in by_id),
        rows=[_row(truth, by_id.get(truth.id)) for truth in gold],
    )


def _row(truth: GoldSubmission, draft: SaidDraft | None) -> dict[str, Any]:
    wrong = []
    for number, state in truth.points.items():
        said = draft.points.get(number) if draft else None
        for what in ("done", "clear"):
            if bool(getattr(said, what, False)) != getattr(state, what):
                wrong.append(f"{number} {what}{'-' if getattr(state, what) else '+'}")
    return {
        "submission": truth.id,
        "score": truth.score,
        "draft": draft.score if draft else None,
        "wrong": wrong,
    }


def _case(truth: GoldSubmission, draft: SaidDraft | None) -> _Case:
    case = _Case(
        (truth.score, draft.score if draft else 0),
        draft.confidence if draft else 0.0,
        not draft or draft.abstained,
    )
    grams = [grams_of(block.text) for block in truth.blocks]
    for number, state in truth.points.items():
        said = draft.points.get(number) if draft else None
        said = said or SaidPoint(False, False, 0.0, 0.0, ())
        _count_evidence(case, truth, grams, number, said)
        case.counts["states"] += 1
        case.counts["done_right"] += said.done == state.done
        case.counts["clear_right"] += said.clear == state.clear
        case.done.append((said.done_probability, state.done))
        case.clear.append((said.clear_probability, state.clear))
    return case


def _count_evidence(
    case: _Case, truth: GoldSubmission, grams: Sequence[Grams], number: int, said: SaidPoint
) -> None:
    counts = case.counts
    wanted = [i for i, b in enumerate(truth.blocks) if _label_of(truth, i, number, "practice") is not None]
    items = [one for one in said.evidence if one.role == "practice"]
    item_grams = [grams_of(one.text) for one in items]
    counts[f"gold:{number}"] += len(wanted)
    counts[f"said:{number}"] += len(items)
    counts[f"found:{number}"] += sum(best_match(grams[i], item_grams) is not None for i in wanted)
    for one, own in zip(items, item_grams, strict=True):
        place = best_match(own, [grams[i] for i in wanted])
        counts[f"right:{number}"] += place is not None
        case.shown.append((one.probability, place is not None))
        if place is not None:
            _count_facets(counts, truth, wanted[place], number, one)
    _count_roles(counts, truth, grams, number, said)


def _count_facets(
    counts: Counter[str], truth: GoldSubmission, block: int, number: int, one: SaidEvidence
) -> None:
    label = _label_of(truth, block, number, "practice")
    if label is None:
        return
    want, have = set(label.facets), set(one.facets)
    counts["facets_both"] += len(want & have)
    counts["facets_want"] += len(want)
    counts["facets_have"] += len(have)
    counts["details"] += 1
    counts["details_right"] += label.detail == one.detail


def _count_roles(
    counts: Counter[str], truth: GoldSubmission, grams: Sequence[Grams], number: int, said: SaidPoint
) -> None:
    """Of the labelled blocks of each role that a draft shows for the point at all: in how many it says that role."""
    item_grams = [grams_of(one.text) for one in said.evidence]
    for role in ROLES:
        for index in range(len(truth.blocks)):
            if _label_of(truth, index, number, role) is None:
                continue
            place = best_match(grams[index], item_grams)
            if place is not None:
                counts[f"role_seen:{role}"] += 1
                counts[f"role_right:{role}"] += said.evidence[place].role == role


def _label_of(truth: GoldSubmission, block: int, number: int, role: str) -> Any:
    return next((one for one in truth.blocks[block].labels if one.point == number and one.role == role), None)


def _sum(cases: Sequence[_Case], *names: str) -> float:
    return float(sum(case.counts[name] for case in cases for name in names))


def _figures(points: Sequence[int]) -> dict[str, Any]:
    def names(what: str, of: Sequence[int]) -> list[str]:
        return [f"{what}:{number}" for number in of]

    def recall(of: Sequence[int]) -> Any:
        return lambda cases: ratio(_sum(cases, *names("found", of)), _sum(cases, *names("gold", of)))

    def precision(of: Sequence[int]) -> Any:
        return lambda cases: ratio(_sum(cases, *names("right", of)), _sum(cases, *names("said", of)))

    figures: dict[str, Any] = {}
    for suffix, of in [("", list(points)), *((f":{number}", [number]) for number in points)]:
        figures[f"evidence_recall{suffix}"] = recall(of)
        figures[f"evidence_precision{suffix}"] = precision(of)
        figures[f"evidence_f1{suffix}"] = lambda cases, of=of: f1(precision(of)(cases), recall(of)(cases))
    for role in ROLES:
        figures[f"role:{role}"] = lambda cases, role=role: ratio(
            _sum(cases, f"role_right:{role}"), _sum(cases, f"role_seen:{role}")
        )
    return figures | _judgement_figures()


def _judgement_figures() -> dict[str, Any]:
    def ece(what: str) -> Any:
        def of(cases: Sequence[_Case]) -> float:
            pairs = [pair for case in cases for pair in getattr(case, what)]
            return calibration_error(reliability([p for p, _ in pairs], [right for _, right in pairs]))

        return of

    def score(right: Any) -> Any:
        return lambda cases: ratio(sum(right(*case.score) for case in cases), len(cases))

    def answered(cases: Sequence[_Case]) -> list[_Case]:
        return [case for case in cases if not case.abstained]

    return {
        "facet_f1": lambda cases: ratio(
            2 * _sum(cases, "facets_both"), _sum(cases, "facets_want", "facets_have")
        ),
        "detail_accuracy": lambda cases: ratio(_sum(cases, "details_right"), _sum(cases, "details")),
        "done_accuracy": lambda cases: ratio(_sum(cases, "done_right"), _sum(cases, "states")),
        "clear_accuracy": lambda cases: ratio(_sum(cases, "clear_right"), _sum(cases, "states")),
        "judgements": lambda cases: ratio(
            _sum(cases, "done_right", "clear_right"), 2 * _sum(cases, "states")
        ),
        "score_exact": score(lambda true, said: true == said),
        "score_within_1": score(lambda true, said: abs(true - said) <= 1),
        "score_kappa": lambda cases: weighted_kappa([case.score for case in cases]),
        "evidence_ece": ece("shown"),
        "done_ece": ece("done"),
        "clear_ece": ece("clear"),
        "answered": lambda cases: ratio(len(answered(cases)), len(cases)),
        "score_exact_answered": lambda cases: ratio(
            sum(case.score[0] == case.score[1] for case in answered(cases)), len(answered(cases))
        ),
    }
