"""What a reviewed case teaches: from marks and silence to labelled passages with weights.

A reader who says "good" or adds a passage speaks plainly (weight 1). One who confirms a point as done and leaves the quotes
under it untouched has accepted them, but may not have read each (weight 0.3). A passage that nobody mentioned in a finished
review is a weak "no" (weight 0.5): had it mattered, somebody would probably have added it. Where readers contradict each
other about a passage and nobody decided between them, it teaches nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.labelled import Label, LabelledOffice, LabelledPassage, PointState
from models.passages import Passage
from models.retraining.reviewed_case import CasePassage, Mark, ReviewedCase, Shown
from rubric import Rubric

SAID, TACIT, SILENT = 1.0, 0.3, 0.5
Place = tuple[int, int]


@dataclass(frozen=True)
class Taught:
    """What a set of cases teaches.

    Attributes:
        offices: whole submissions, reviewed to the end with every point decided.
        extra: single corrections from reviews that are not finished.
    """

    offices: tuple[LabelledOffice, ...]
    extra: tuple[LabelledPassage, ...]

    @property
    def rows(self) -> int:
        """Number of passages."""
        return len(self.extra) + sum(len(office.rows) for office in self.offices)


def teach(rubric: Rubric, cases: Sequence[ReviewedCase]) -> Taught:
    """Turn cases into training text; blind ones must have been left out before."""
    offices, extra = [], []
    for case in cases:
        office = labelled_office(rubric, case)
        if office is not None:
            offices.append(office)
        else:
            extra += single_corrections(rubric, case)
    return Taught(tuple(offices), tuple(extra))


def labelled_office(rubric: Rubric, case: ReviewedCase) -> LabelledOffice | None:
    """Return a finished case as a labelled office; None where a point is undecided."""
    states = case.states()
    if set(rubric.numbers) - set(states):
        return None
    points = {
        number: PointState(states[number] != "not_done", states[number] == "clear")
        for number in rubric.numbers
    }
    said = marks_of(case)
    taught = (_row(rubric, case, passage, states, said) for passage in case.passages)
    rows = tuple(row for row in taught if row is not None)
    score = rubric.score({n for n, s in points.items() if s.done}, {n for n, s in points.items() if s.clear})
    return LabelledOffice(
        case.submission, case.group, case.office, case.fiscal_year or rubric.fiscal_year, rows, points, score
    )


def single_corrections(rubric: Rubric, case: ReviewedCase) -> list[LabelledPassage]:
    """Return the passages of an unfinished case about which somebody spoke plainly; its silence says nothing."""
    said = marks_of(case)
    rows = []
    for passage in case.passages:
        marks = said.get((passage.document, passage.position))
        if marks:
            labels = _labels(rubric, passage, marks)
            rows.append(_labelled(case, passage, labels, SAID))
    return rows


def marks_of(case: ReviewedCase) -> dict[Place, dict[int, Mark | None]]:
    """Passage -> point -> what was finally said of it; None where readers contradict each other undecided.

    An adjudicator's word stands over the others'; of one reader the last word counts.
    """
    spoken: dict[Place, dict[int, dict[str, Mark]]] = defaultdict(lambda: defaultdict(dict))
    for reading in case.readings:
        rank = "0" if reading.kind == "adjudication" else "1"
        for mark in reading.marks:
            spoken[mark.document, mark.position][mark.point][f"{rank}{reading.reader}"] = mark
    return {
        place: {point: _settled(said) for point, said in points.items()} for place, points in spoken.items()
    }


def _settled(said: dict[str, Mark]) -> Mark | None:
    if deciding := [mark for reader, mark in said.items() if reader.startswith("0")]:
        return deciding[-1]
    marks = list(said.values())
    meanings = {(mark.verdict != "bad", mark.role if mark.verdict != "bad" else "") for mark in marks}
    return marks[0] if len(meanings) == 1 else None


def _row(
    rubric: Rubric,
    case: ReviewedCase,
    passage: CasePassage,
    states: Mapping[int, str],
    said: Mapping[Place, dict[int, Mark | None]],
) -> LabelledPassage | None:
    """The passage with its labels and weight; None where it teaches nothing."""
    marks = said.get((passage.document, passage.position), {})
    if any(mark is None for mark in marks.values()):
        return None
    labels = _labels(rubric, passage, marks)
    if marks:
        return _labelled(case, passage, labels, SAID)
    tacit, refused = _tacit(rubric, passage, states)
    if tacit:
        return _labelled(case, passage, tacit, TACIT)
    if refused or not any(one.listed == "evidence" and one.role == "practice" for one in passage.shown):
        return _labelled(case, passage, (), SILENT)
    return None


def _labels(rubric: Rubric, passage: CasePassage, marks: dict[int, Mark | None]) -> tuple[Label, ...]:
    shown = {one.point: one for one in passage.shown}
    labels = []
    for point, mark in sorted(marks.items()):
        if mark is not None and mark.verdict != "bad" and point in rubric.numbers:
            labels.append(_label(rubric, mark, shown.get(point)))
    return tuple(labels)


def _label(rubric: Rubric, mark: Mark, shown: Shown | None) -> Label:
    """What is left open (detail, and the facets of a plain "good") is taken from the draft that the reader agreed to."""
    if mark.role != "practice":
        return Label(mark.point, mark.role)
    agreed = mark.verdict == "good" and shown is not None
    facets = mark.facets or (shown.facets if agreed and shown else ())
    detail = mark.detail if mark.detail is not None else bool(shown and shown.detail)
    known = rubric.point(mark.point).facet_keys
    return Label(mark.point, "practice", tuple(key for key in facets if key in known), detail)


def _tacit(rubric: Rubric, passage: CasePassage, states: Mapping[int, str]) -> tuple[tuple[Label, ...], bool]:
    """Labels of quotes left standing under a point that was confirmed done; and whether all its points were refused."""
    counted = [one for one in passage.shown if one.listed == "evidence" and one.role == "practice"]
    accepted = [one for one in counted if states.get(one.point) in ("done", "clear")]
    labels = tuple(
        Label(one.point, one.role, one.facets, one.detail) for one in accepted if one.point in rubric.numbers
    )
    return labels, bool(counted) and not accepted


def _labelled(
    case: ReviewedCase, passage: CasePassage, labels: tuple[Label, ...], weight: float
) -> LabelledPassage:
    kind = case.documents[passage.document].kind if passage.document < len(case.documents) else None
    seen = Passage(
        text=passage.text,
        type=passage.type,
        document_kind=kind,
        heading_path=passage.heading_path,
        table_header=passage.table_header,
        previous=passage.previous,
        following=passage.following,
    )
    return LabelledPassage(
        seen, labels, case.submission, case.group, passage.document, passage.position, weight
    )
