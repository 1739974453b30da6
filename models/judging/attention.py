"""Why a person should look at a draft, and look first: the reasons that order the reviewers' queue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from models.judging import sentences
from models.judging.judged import Attention, Item, PointJudgement
from models.judging.thresholds import JudgementSettings
from rubric import Rubric

_NEAR = 0.6
"""A neighbouring score at least this likely, relative to the shown one, is named."""


def attention_of(
    rubric: Rubric,
    items: Sequence[Item],
    points: Sequence[PointJudgement],
    score: int,
    of_points: int,
    distribution: Mapping[int, float],
    settings: JudgementSettings,
    abstained: bool,
) -> tuple[Attention, ...]:
    """List the reasons, those about the whole draft first."""
    found: list[Attention] = []
    if abstained:
        found.append(Attention("abstained", sentences.abstention(score, distribution[score])))
    rivals = [other for other in distribution if other != score]
    rival = max(rivals, key=lambda other: distribution[other], default=score)
    if rival != score and distribution[rival] >= _NEAR * distribution[score] > 0:
        found.append(Attention("near_cut", sentences.near_cut(score, rival, distribution[rival])))
    if of_points != score:
        found.append(Attention("score_differs", sentences.score_differs(score, of_points)))
    for point in points:
        found += _of_point(rubric, items, point, settings)
    return tuple(found)


def _of_point(
    rubric: Rubric, items: Sequence[Item], judged: PointJudgement, settings: JudgementSettings
) -> Iterator[Attention]:
    point, number = rubric.point(judged.point), judged.point
    if not judged.evidence:
        yield Attention("not_found", sentences.not_found(point), number)
    if abs(judged.done_probability - 0.5) < settings.unsure_within:
        yield Attention("unsure_point", sentences.unsure_point(point, False, judged.done_probability), number)
    elif judged.done and abs(judged.clear_probability - 0.5) < settings.unsure_within:
        yield Attention("unsure_point", sentences.unsure_point(point, True, judged.clear_probability), number)
    if judged.clear and judged.missing_facets:
        yield Attention("unlisted_part", sentences.unlisted_part(point, judged.missing_facets), number)
    if judged.doubtful_facets:
        yield Attention("doubtful_facet", sentences.doubtful_facet(point, judged.doubtful_facets), number)
    if judged.contradicted:
        yield Attention("contradiction", sentences.contradiction(point), number)
    if judged.done and len(judged.evidence) == 1:
        yield Attention("single_evidence", sentences.single_evidence(point), number)
    if judged.evidence and all(items[one.item].read_by == "ocr" for one in judged.evidence):
        yield Attention("ocr_only", sentences.ocr_only(point), number)
