"""What must hold of every judgement: verdict, list, missing facets, sentence and reasons for a look say the same."""

from models.judging.judged import Judgement, PointJudgement
from models.judging.sentences import facet_names
from rubric import Point, Rubric


def check(rubric: Rubric, judgement: Judgement) -> None:
    codes = {(one.code, one.point) for one in judgement.needs_attention}
    for judged in judgement.points:
        check_point(rubric.point(judged.point), judged)
        assert (("unlisted_part", judged.point) in codes) == (judged.clear and bool(judged.missing_facets))
        assert (("doubtful_facet", judged.point) in codes) == bool(judged.doubtful_facets)


def check_point(point: Point, judged: PointJudgement) -> None:
    assert set(judged.missing_facets) == missing_by_hand(point, judged)
    assert set(judged.unsupported_detail) <= set(judged.missing_facets)
    if judged.done:
        assert judged.evidence, "done, and nothing is listed"
    if judged.clear:
        assert judged.done
        assert all(":" in key for key in judged.missing_facets), "clear, and a whole facet is not listed"
    if judged.done and not judged.clear:
        assert judged.missing_facets or judged.doubtful_facets, "unclear, and nothing says why"
    assert not judged.doubtful_facets or (judged.done and not judged.clear and not judged.missing_facets)
    check_sentence(point, judged)


def check_sentence(point: Point, judged: PointJudgement) -> None:
    whole = "cover all" in judged.reason.en
    assert whole == ("ครบทั้ง" in judged.reason.th)
    assert whole == (judged.clear and not judged.missing_facets)
    if judged.done:
        for key in (*judged.missing_facets, *judged.doubtful_facets):
            names = facet_names(point, [key])
            assert names.th in judged.reason.th and names.en in judged.reason.en


def missing_by_hand(point: Point, judged: PointJudgement) -> set[str]:
    """The guide's own words: a facet is shown whole with detail, or each of its parts is shown and one with detail."""
    printed = [(key, one.detail) for one in judged.evidence for key in one.facets]
    missing = set()
    for facet in point.facets:
        own = [(key, detail) for key, detail in printed if key in facet.keys]
        shown = {key for key, _ in own}
        unseen = {part for part in facet.keys[1:] if part not in shown}
        if (facet.key, True) in own:
            continue
        if not any(detail for _, detail in own):
            missing.add(facet.key)
        else:
            missing |= unseen
    return missing
