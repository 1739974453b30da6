"""The bundled rubric holds what the standard says; a mistyped file is told by file, line and remedy."""

import re
from pathlib import Path

import pytest

from rubric import load_rubric
from rubric.exceptions import RubricError
from rubric.lexicon import CUES
from tests.needs import measuring_set
from tests.rubric.test_scoring import LEXICON, SMALL, write_small


def test_each_point_has_wording_title_help_and_facets_in_both_languages() -> None:
    rubric = load_rubric("esa-2560-1.1")
    facets = {point.number: "".join(facet.key for facet in point.facets) for point in rubric.points}
    assert facets == {1: "abc", 2: "abcd", 3: "abc", 4: "abcd", 5: "abcd", 6: "abc"}
    for point in rubric.points:
        for text in (
            point.title,
            point.help,
            *(f.title for f in point.facets),
            *(f.help for f in point.facets),
        ):
            assert text.th and text.en
            assert re.search(r"[\u0e01-\u0e2e]", text.th)


def test_the_four_missions_and_both_sides_are_parts_of_their_facets() -> None:
    rubric = load_rubric("esa-2560-1.1")
    missions = ("b", "b:วิชาการ", "b:งบประมาณ", "b:บริหารงานบุคคล", "b:บริหารทั่วไป")
    assert rubric.point(2).facet("b").keys == missions
    assert [key.split(":")[1] for key in rubric.point(4).facet("d").keys[1:]] == [
        m.split(":")[1] for m in missions[1:]
    ]
    assert rubric.point(5).facet("a").keys == ("a", "a:ภายใน", "a:ภายนอก")
    assert rubric.point(5).facet("a:ภายใน").key == "a"


def test_plan_and_report_are_required_other_evidence_is_not() -> None:
    kinds = {document.kind: document.required for document in load_rubric("esa-2560-1.1").required_documents}
    assert kinds == {"plan": True, "report": True, "other": False}


def test_the_lexicon_has_forty_terms_a_point_and_every_kind_of_cue() -> None:
    rubric = load_rubric("esa-2560-1.1")
    for number in rubric.numbers:
        assert rubric.lexicon.count(number) >= 40
    assert set(rubric.lexicon.cues) == set(CUES)
    spellings = {term.text for term in rubric.lexicon.terms()}
    assert {"AMSS++", "DMC", "ITA", "Line OA"} <= spellings


@pytest.mark.measure
def test_the_wording_is_the_official_one() -> None:
    source = measuring_set("rubric-source.txt")
    official = re.sub(r"\s", "", source.read_text("utf-8"))
    rubric = load_rubric("esa-2560-1.1")
    for text in (
        *(point.wording for point in rubric.points),
        rubric.standard.wording,
        rubric.indicator.wording,
        *rubric.guidance,
        *rubric.notes,
    ):
        assert re.sub(r"\s", "", text) in official


FAULTS = {
    "unknown key": (SMALL.replace("version:", "versoin:"), LEXICON, "small.yaml, line"),
    "not yaml": (SMALL.replace("points:", "points: ["), LEXICON, "not valid YAML"),
    "no lexicon": (SMALL.replace("lexicon: small.lexicon.yaml\n", ""), LEXICON, "`lexicon` is missing"),
    "lexicon file missing": (
        SMALL.replace("small.lexicon.yaml", "other.yaml"),
        LEXICON,
        "no rubric file other.yaml",
    ),
    "point twice": (SMALL.replace("number: 2", "number: 1"), LEXICON, "point 1 stands twice"),
    "unknown scoring": (SMALL.replace("points-table", "ranking"), LEXICON, "kind"),
    "unreachable row": (
        SMALL.replace("done: 2, clear: 2", "done: 3, clear: 2"),
        LEXICON,
        "can never be reached",
    ),
    "no lowest row": (
        SMALL.replace("score: 0, done: 0", "score: 0, done: 1"),
        LEXICON,
        "every case has a score",
    ),
    "role missing": (SMALL.replace("  negative:", "  restate2:"), LEXICON, "line"),
    "term of unknown point": (SMALL, LEXICON.replace("  2: {", "  5: {"), "no point 5"),
    "term of unknown facet": (SMALL, LEXICON.replace("a: [ประชุม", "z: [ประชุม"), "no facet 'z'"),
    "unknown cue": (SMALL, LEXICON.replace("future:", "tomorrow:"), "small.lexicon.yaml, line"),
    "term twice": (SMALL, LEXICON.replace("[แผนงาน]", "[แผนงาน, แผนงาน]"), "listed twice"),
    "empty file": ("", LEXICON, "must be a mapping"),
}


@pytest.mark.parametrize(("rubric", "lexicon", "told"), FAULTS.values(), ids=FAULTS.keys())
def test_a_faulty_file_is_told(tmp_path: Path, rubric: str, lexicon: str, told: str) -> None:
    with pytest.raises(RubricError) as fault:
        load_rubric(write_small(tmp_path, rubric, lexicon))
    assert told in fault.value.told("en")
    assert fault.value.remedy.th and fault.value.remedy.en


def test_the_line_is_the_one_with_the_mistake(tmp_path: Path) -> None:
    lines = SMALL.splitlines()
    line = next(i for i, text in enumerate(lines, 1) if "number: 2" in text)
    with pytest.raises(RubricError, match=f"small.yaml, line {line}:"):
        load_rubric(write_small(tmp_path, SMALL.replace("number: 2", "number: two")))


def test_a_rubric_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(RubricError, match=r"esa-2560-1\.1"):
        load_rubric("esa-9999")
