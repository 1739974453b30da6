"""Counts over all results of an export, kept while they are written: scores, levels, agreement with the drafts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pipeline.export.request import Request
from pipeline.export.results import SubmissionResult
from pipeline.export.results_sheets import LEVELS, Row
from rubric import Rubric
from rubric.language import Bilingual
from rubric.scoring import STATES


class Counts:
    """What the summary sheet says. Nothing is kept of a submission but its share in the counts."""

    def __init__(self, rubric: Rubric) -> None:
        self.rubric = rubric
        self.submissions = self.decided = self.disputed = self.same_score = 0
        self.finals: Counter[int] = Counter()
        self.drafts: Counter[int] = Counter()
        self.levels: Counter[tuple[int, str]] = Counter()
        self.agreed: Counter[int] = Counter()

    def add(self, one: SubmissionResult) -> None:
        """Count a submission."""
        self.submissions += 1
        self.drafts[one.draft_score] += 1
        if one.decided_by is None:
            return
        self.decided += 1
        self.disputed += one.disputed
        self.same_score += one.final_score == one.draft_score
        if one.final_score is not None:
            self.finals[one.final_score] += 1
        for point in one.points:
            self.agreed[point.point] += bool(point.agrees)
            if point.final:
                self.levels[point.point, point.final] += 1

    def rows(self, request: Request) -> Iterator[Row]:
        """Give the rows of the summary sheet; a row of one text is a heading."""

        def tell(thai: str, english: str) -> str:
            return Bilingual(thai, english).told(request.language)

        yield [tell("จำนวน", "Counts")]
        yield [tell("ชุดเอกสาร", "Submissions"), self.submissions]
        yield [tell("ตรวจเสร็จแล้ว", "Reviewed"), self.decided]
        yield [tell("ยังเห็นต่างกัน", "In dispute"), self.disputed]
        yield [tell("คะแนนตรงกับร่าง", "Score as drafted"), self.same_score]
        yield [tell("คะแนน", "Scores")]
        yield [tell("คะแนน", "Score"), tell("ชุดเอกสารที่ตัดสินแล้ว", "Decided"), tell("ตามร่าง", "Drafted")]
        for score in reversed(self.rubric.scores):
            yield [score, self.finals[score], self.drafts[score]]
        yield [tell("ประเด็น (เฉพาะที่ตรวจเสร็จแล้ว)", "Points (of what is reviewed)")]
        words = [LEVELS[state].told(request.language) for state in STATES]
        yield [tell("ประเด็น", "Point"), "", *words, tell("ตรงกับร่าง", "As drafted")]
        for point in self.rubric.points:
            counted = [self.levels[point.number, state] for state in STATES]
            title = point.title.told(request.language)
            yield [point.number, title, *counted, self.agreed[point.number]]
