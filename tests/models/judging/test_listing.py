"""A judgement that its own list supports, whatever the model says of the passages."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.judging.judged import Item
from models.judging.judgement import judge
from models.judging.listing import Listing, lacking
from models.judging.states import UNTAUGHT
from models.judging.thresholds import JudgementSettings
from models.passages import ROLES, Passage, Prediction
from rubric import Rubric, load_rubric
from tests.models.conftest import MakeItem
from tests.models.judging.no_contradiction import check

RUBRIC = load_rubric("esa-2560-1.1")


@st.composite
def submissions(draw: st.DrawFn) -> list[Item]:
    """Passages with any predictions at all; drawn by seed, so that many differ within one example."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = draw(st.integers(0, 12))
    sharp = draw(st.sampled_from([0.2, 1.0, 3.0]))  # probabilities near the ends, even, near the middle

    def drawn() -> float:
        return float(chance.beta(sharp, sharp))

    return [
        Item(
            0,
            position,
            Passage(f"ข้อความที่ {position} ของรายงาน", document_kind="report"),
            Prediction(
                practice={n: drawn() for n in RUBRIC.numbers},
                topic={n: drawn() for n in RUBRIC.numbers},
                roles=dict(zip(ROLES, chance.dirichlet(np.ones(len(ROLES))).tolist(), strict=True)),
                facets={p.number: {key: drawn() for key in p.facet_keys} for p in RUBRIC.points},
                detail=drawn(),
            ),
        )
        for position in range(size)
    ]


@st.composite
def all_settings(draw: st.DrawFn) -> JudgementSettings:
    shares = st.floats(0.05, 0.95)
    sanguine = draw(st.floats(-3, 6))  # lines that believe much or little, whatever the list says
    lines = {
        name: getattr(UNTAUGHT, name).model_copy(update={"offset": sanguine})
        for name in ("done", "facet", "clear")
    }
    unlisted = {"whole": draw(st.floats(0, 4)), "parts": draw(st.floats(0, 4))}
    return JudgementSettings(
        evidence_default=draw(shares),
        facet_from=draw(shares),
        part_from=draw(shares),
        detail_from=draw(shares),
        parts_from={"2.b": draw(shares)},
        states=UNTAUGHT.model_copy(update={**lines, "unlisted": unlisted}),
    )


@given(submissions(), all_settings())
def test_verdict_list_missing_facets_and_sentence_never_contradict_each_other(
    items: list[Item], settings: JudgementSettings
) -> None:
    check(RUBRIC, judge(RUBRIC, items, settings=settings))


def test_a_facet_that_no_listed_passage_shows_is_never_called_clear(
    rubric: Rubric, make_item: MakeItem
) -> None:
    """Lines that believe in everything: only what is printed can then say no."""
    sure = UNTAUGHT.facet.model_copy(update={"offset": 9.0})
    settings = JudgementSettings(states=UNTAUGHT.model_copy(update={"facet": sure}))
    items = [make_item(f"ข้อความ {key}", practice=0.97, facets=[key]) for key in "ab"]
    point = judge(rubric, items, settings=settings).point(1)
    assert point.clear_probability > 0.5
    assert point.done and not point.clear
    assert point.missing_facets == ("c",)


def test_a_clear_point_names_the_mission_that_its_list_does_not_show(
    rubric: Rubric, make_item: MakeItem
) -> None:
    sure = UNTAUGHT.facet.model_copy(update={"offset": 9.0})
    settings = JudgementSettings(states=UNTAUGHT.model_copy(update={"facet": sure}))
    facets = ["a", "c", "d", "b:วิชาการ", "b:บริหารงานบุคคล", "b:บริหารทั่วไป"]
    items = [make_item(f"ข้อความ {key}", point=2, practice=0.98, facets=[key]) for key in facets]
    judged = judge(rubric, items, settings=settings)
    point = judged.point(2)
    assert point.clear and point.missing_facets == ("b:งบประมาณ",)
    assert "งบประมาณ" in point.reason.th and "ครบทั้ง" not in point.reason.th
    assert ("unlisted_part", 2) in {(one.code, one.point) for one in judged.needs_attention}


def test_an_unlisted_facet_loses_what_was_learnt(rubric: Rubric, make_item: MakeItem) -> None:
    items = [make_item(f"ข้อความ {key}", practice=0.97, facets=[key]) for key in "ab"]
    plain, wary = (
        judge(
            rubric,
            items,
            settings=JudgementSettings(states=UNTAUGHT.model_copy(update={"unlisted": {"whole": by}})),
        ).point(1)
        for by in (0.0, 2.0)
    )
    assert wary.facet_probabilities["c"] < plain.facet_probabilities["c"]
    assert wary.facet_probabilities["a"] == plain.facet_probabilities["a"]


def test_parts_are_listed_from_a_lower_probability_than_whole_facets(rubric: Rubric) -> None:
    point = rubric.point(2)
    said = dict.fromkeys(point.facet_keys, 0.0) | {"a": 0.4, "b:วิชาการ": 0.25}
    prediction = Prediction({}, {}, {}, {2: said}, 0.9)
    assert Listing().facets_of(point, prediction) == ("b:วิชาการ",)
    assert Listing(parts={"b": 0.3}).facets_of(point, prediction) == ()


def test_a_facet_is_listed_whole_or_part_by_part_and_one_passage_brings_the_detail(rubric: Rubric) -> None:
    point = rubric.point(5)
    others = [((key,), True) for key in "bcd"]
    assert lacking(point, [*others, (("a",), True)]).missing == ()
    assert lacking(point, [*others, (("a:ภายใน",), True), (("a:ภายนอก",), False)]).missing == ()
    assert lacking(point, [*others, (("a:ภายใน",), True)]).missing == ("a:ภายนอก",)
    claimed = lacking(point, [*others, (("a",), False), (("a:ภายใน",), True)])
    assert claimed.missing == claimed.undetailed == ("a:ภายนอก",)
    bare = lacking(point, [*others, (("a:ภายใน",), False)])
    assert bare.missing == bare.undetailed == bare.whole == ("a",)
