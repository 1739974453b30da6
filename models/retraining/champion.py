"""Champion against challenger: the same held-out offices, judged by both, compared pair by pair; and who screens from then on.

A challenger is promoted only if nothing speaks for its being worse: the interval of the difference must lie above minus
the margin, in evidence and in judgements, its probabilities must be as true as they claim, and text that is known to be right
must not be read worse than before. Everything else is kept aside with the reason.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, t

from models.labelled import LabelledOffice
from models.measuring.labelled_office import judge_office
from models.measuring.measures import Interval, calibration_error, ratio, reliability
from models.scoring.model import LoadedModel
from rubric import Rubric
from rubric.language import Bilingual

ROUNDS = 2000


@dataclass(frozen=True, slots=True)
class Rule:
    """What a challenger must show to be promoted.

    Attributes:
        margin: evidence F1 and share of right judgements may be lower by at most this much (95 % interval).
        reliability: greatest calibration error of evidence; or the champion's own plus ``worse``.
        offices: fewest held-out offices on which anything can be shown: an interval from resampling never reaches below
            the worst office, and of five offices all lie on the better side by chance once in 32 (3 %), of six once in 64.
        anchor: the F1 on bundled text of authors left out may fall by at most this much.
        doubt: greatest share of plain marks that text read alike elsewhere contradicts.
    """

    margin: float = 0.05
    reliability: float = 0.10
    worse: float = 0.02
    offices: int = 6
    anchor: float = 0.03
    doubt: float = 0.10


@dataclass(frozen=True, slots=True)
class OfficeFigures:
    """Counts of one office under one model, from which all figures are summed.

    Attributes:
        shown: (probability, right) of every passage shown as evidence whose truth is known.
    """

    office: str
    right: int
    said: int
    wanted: int
    judged_right: int
    judged: int
    score_right: bool
    shown: tuple[tuple[float, bool], ...]


Figure = Callable[[OfficeFigures], tuple[float, float]]
"""Part and whole of one office; over several offices both are summed before they are divided."""


@dataclass(frozen=True, slots=True)
class Paired:
    """One figure of both models over the same offices.

    Attributes:
        difference: challenger minus champion, with its 95 % interval over offices drawn in pairs.
    """

    champion: float
    challenger: float
    difference: Interval


@dataclass(frozen=True)
class Comparison:
    """All that is known when it is decided.

    Attributes:
        offices: number of held-out offices.
        pairs: ``evidence_f1``, ``evidence_precision``, ``evidence_recall``, ``judgements``, ``score_exact``.
        reliability: calibration error of shown evidence: champion, challenger.
        anchor: change of F1 on bundled text; None where it was not measured.
        doubt: share of plain marks that text read alike elsewhere contradicts; None where it was not measured.
        rows: per office what changed.
    """

    offices: int
    pairs: dict[str, Paired]
    reliability: tuple[float, float]
    anchor: float | None = None
    doubt: float | None = None
    rows: tuple[dict[str, Any], ...] = field(default=())

    def as_data(self) -> dict[str, Any]:
        """For the card and the report."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the challenger is promoted, with every reason against it."""

    promote: bool
    reasons: tuple[Bilingual, ...]


def figures_of(rubric: Rubric, model: LoadedModel, office: LabelledOffice) -> OfficeFigures:
    """Judge one labelled office as screening would and count what is right."""
    judgement = judge_office(rubric, model, office)
    wanted = {
        (index, label.point)
        for index, row in enumerate(office.rows)
        for label in row.labels
        if label.role == "practice"
    }
    shown = [(one.item, one.point, one.probability) for point in judgement.points for one in point.evidence]
    right = sum((item, point) in wanted for item, point, _ in shown)
    judged_right = sum(
        (point.done == office.points[point.point].done) + (point.clear == office.points[point.point].clear)
        for point in judgement.points
    )
    return OfficeFigures(
        office=office.id,
        right=right,
        said=len(shown),
        wanted=len(wanted),
        judged_right=judged_right,
        judged=2 * len(judgement.points),
        score_right=judgement.score == office.score,
        shown=tuple((p, (item, point) in wanted) for item, point, p in shown),
    )


def compare(
    rubric: Rubric,
    champion: LoadedModel,
    challenger: LoadedModel,
    held: Sequence[LabelledOffice],
    *,
    anchor: float | None = None,
    doubt: float | None = None,
    seed: int = 0,
) -> Comparison:
    """Judge the held-out offices by both models and pair the figures."""
    old = [figures_of(rubric, champion, office) for office in held]
    new = [figures_of(rubric, challenger, office) for office in held]
    return Comparison(
        offices=len(held),
        pairs={name: paired(old, new, figure, seed) for name, figure in FIGURES.items()},
        reliability=(ece(old), ece(new)),
        anchor=anchor,
        doubt=doubt,
        rows=tuple(
            {
                "office": a.office,
                "evidence_f1": [round(ratio(*FIGURES["evidence_f1"](one)), 3) for one in (a, b)],
                "judgements": [a.judged_right, b.judged_right],
            }
            for a, b in zip(old, new, strict=True)
        ),
    )


def paired(
    old: Sequence[OfficeFigures],
    new: Sequence[OfficeFigures],
    figure: Figure,
    seed: int = 0,
    rounds: int = ROUNDS,
) -> Paired:
    """Return a figure of both with the 95 % interval of the difference, drawing offices in pairs with replacement."""
    before, after = _parts(old, figure), _parts(new, figure)
    champion, challenger = ratio(*before.sum(0)), ratio(*after.sum(0))
    if len(old) < 2:
        return Paired(champion, challenger, Interval(challenger - champion, -1.0, 1.0))
    drawn = np.random.default_rng(seed).integers(0, len(old), (rounds, len(old)))
    differences = np.nan_to_num(_ratios(after[drawn].sum(1)) - _ratios(before[drawn].sum(1)))
    tail = _tail(len(old))
    low, high = np.percentile(differences, [tail, 100 - tail])
    return Paired(champion, challenger, Interval(challenger - champion, float(low), float(high)))


def _parts(several: Sequence[OfficeFigures], figure: Figure) -> NDArray[np.float64]:
    """Part and whole of each office, shape (n, 2)."""
    return np.array([figure(one) for one in several], np.float64).reshape(len(several), 2)


def _ratios(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sums[:, 0] / sums[:, 1])


def _tail(offices: int) -> float:
    """Percentile at which an interval from resampling so few offices ends.

    Plain 2.5 is too narrow for few: resampling takes the spread for known, where the t distribution does not, and divides by
    n. The expanded percentile puts both right (Hesterberg, *What teachers should know about the bootstrap*, 2015).
    """
    width = math.sqrt(offices / (offices - 1)) * t.ppf(0.975, offices - 1)
    return 100 * float(norm.cdf(-width))


FIGURES: dict[str, Figure] = {
    "evidence_f1": lambda one: (2 * one.right, one.said + one.wanted),
    "evidence_precision": lambda one: (one.right, one.said),
    "evidence_recall": lambda one: (one.right, one.wanted),
    "judgements": lambda one: (one.judged_right, one.judged),
    "score_exact": lambda one: (one.score_right, 1),
}


def ece(several: Sequence[OfficeFigures]) -> float:
    """Calibration error of the evidence shown over all offices; 0 where none was shown."""
    shown = [pair for one in several for pair in one.shown]
    if not shown:
        return 0.0
    return calibration_error(reliability([p for p, _ in shown], [right for _, right in shown]))


def decide(comparison: Comparison, rule: Rule | None = None) -> Verdict:
    """Apply the rule; the reasons are sentences for an officer."""
    rule = rule or Rule()
    reasons: list[Bilingual] = []
    if comparison.offices < rule.offices:
        reasons.append(_too_few(comparison.offices, rule.offices))
    named = {"evidence_f1": ("หลักฐาน", "Evidence"), "judgements": ("ผลตัดสินรายประเด็น", "Judgements")}
    for name, (thai, english) in named.items():
        pair = comparison.pairs[name]
        if not pair.difference.low > -rule.margin:
            reasons.append(_worse(thai, english, pair, rule.margin))
    before, after = comparison.reliability
    if after > max(rule.reliability, before + rule.worse):
        reasons.append(_untrue(before, after))
    if comparison.anchor is not None and comparison.anchor < -rule.anchor:
        reasons.append(_harms(comparison.anchor))
    if comparison.doubt is not None and comparison.doubt > rule.doubt:
        reasons.append(_doubtful(comparison.doubt))
    return Verdict(not reasons, tuple(reasons))


def _too_few(have: int, need: int) -> Bilingual:
    return Bilingual(
        f"เขตที่กันไว้วัดผลมี {have} เขต ต้องมีอย่างน้อย {need} เขต",
        f"There are {have} held-out offices; at least {need} are needed.",
    )


def _worse(thai: str, english: str, pair: Paired, margin: float) -> Bilingual:
    d = pair.difference
    return Bilingual(
        f"{thai}อาจแย่ลงเกินขอบเขตที่ยอมรับ {margin:.2f}: จาก {pair.champion:.2f} เป็น {pair.challenger:.2f} "
        f"(ผลต่าง {d.value:+.2f} ช่วงเชื่อมั่น 95 % {d.low:+.2f} ถึง {d.high:+.2f})",
        f"{english} may be worse by more than the margin of {margin:.2f}: {pair.champion:.2f} to {pair.challenger:.2f} "
        f"(difference {d.value:+.2f}, 95 % interval {d.low:+.2f} to {d.high:+.2f}).",
    )


def _untrue(before: float, after: float) -> Bilingual:
    return Bilingual(
        f"ค่าความน่าจะเป็นที่แสดงเชื่อถือไม่ได้พอ: คลาดเคลื่อนเฉลี่ย {after:.2f} (เดิม {before:.2f})",
        f"The probabilities shown are not reliable enough: mean gap {after:.2f} (before {before:.2f}).",
    )


def _harms(change: float) -> Bilingual:
    return Bilingual(
        f"เมื่อเรียนจากเคสที่ตรวจแล้ว ผลบนข้อความอ้างอิงที่ทราบคำตอบแย่ลง {-change:.3f} ป้ายกำกับอาจผิดจำนวนมาก",
        f"Learning from the reviewed cases made reading of reference text worse by {-change:.3f}: many labels may be wrong.",
    )


def _doubtful(share: float) -> Bilingual:
    return Bilingual(
        f"เครื่องหมายของผู้ตรวจร้อยละ {share * 100:.0f} ขัดกับข้อความลักษณะเดียวกันที่อื่น โปรดตรวจสอบคุณภาพการตรวจก่อนฝึกใหม่",
        f"{share * 100:.0f} % of the reviewers' marks contradict text read alike elsewhere. Please check the reviews first.",
    )
