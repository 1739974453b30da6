"""Text that is alike in two submissions: evidence only, after the wording that all of Thailand shares is taken out.

Much in these documents is copied nationwide from one template of สพฐ. (No Gift Policy, declarations of integrity,
strategies, laws), and whole plans are built on last year's neighbours. So only passages that a draft takes as evidence
are compared, and what many offices share, what the rubric itself says, and what is registered is no finding. What
remains is told with both passages beside each other. It is called likeness: nobody knows here who wrote first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from pipeline.blocks import Block
from pipeline.drafts import Certainty, Finding, OtherPassage
from pipeline.findings.detected import QUOTE, found
from pipeline.findings.likeness.candidates import Candidates, Marked, candidates, marks_of
from pipeline.findings.likeness.fingerprints import comparable, grams, likeness, unpack
from pipeline.findings.likeness.national_register import NationalWording, known_marks
from rubric.language import Bilingual

ALIKE, ALIKE_ROW = 0.55, 0.95
"""Share of letter runs in common. A tenth of the words changed leaves 0.6 and more; different passages of one subject stay
under 0.4. Rows of staff lists differ in a name only, so rows must agree nearly whole."""
SURELY = 0.8
NATIONAL_SHARE = 0.2
FEWEST_NATIONAL = 4
ENOUGH_LETTERS = 80
"""A finding needs this many shared letters in all."""
MOST_PAGES = 8
MOST_SUBMISSIONS = 5
"""Other submissions that a document's passages are told beside, one finding each; more are told in one."""
REMEMBERED = 200_000
SAME_TEMPLATE = 0.5


@dataclass(frozen=True, slots=True)
class Source:
    """A document of one submission, for comparing.

    Attributes:
        office: what tells offices apart; within one fiscal year an office's own submissions share text rightly.
        evidence: positions of the blocks that the draft takes as evidence.
        text: gives the block at a position.
    """

    submission: str
    office: str
    file: str
    prints: bytes
    evidence: frozenset[int]
    text: Callable[[int], Block]
    fiscal_year: int | None = None


@dataclass(frozen=True, slots=True)
class Common:
    """A passage that so many offices have that it comes from above, with its first known source."""

    mark: str
    text: str
    offices: int
    fiscal_year: int | None
    submission: str
    file: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Compared:
    """What comparing found: findings of every submission by name, and common wording, each passage once."""

    findings: Mapping[str, list[Finding]]
    common: Sequence[Common] = ()


@dataclass(frozen=True, slots=True)
class _Shared:
    """Passages of one document that are alike with those of another submission."""

    repeated: bool
    likest: dict[int, tuple[float, int]] = field(default_factory=dict)

    def note(self, passage: int, other: int, alike: float) -> None:
        """Keep the likest passage of the other side."""
        if alike > self.likest.get(passage, (0.0, 0))[0]:
            self.likest[passage] = (alike, other)


def compare(sources: Sequence[Source], national: Iterable[NationalWording]) -> Compared:
    """Return what every submission shares with others, and what so many share that it is told once."""
    ordered = sorted(sources, key=lambda one: (one.office, one.fiscal_year or 0, one.submission))
    round_ = Round(ordered)
    many = max(FEWEST_NATIONAL, int(NATIONAL_SHARE * len(set(round_.offices))) + 1)
    years = sorted({one.fiscal_year or 0 for one in ordered})
    known = known_marks(national, [year or None for year in years] or [None])
    told = candidates(round_.marked, many, known)
    findings: dict[str, list[Finding]] = {source.submission: [] for source in sources}
    for source, shared in round_.shared(told):
        findings[source.submission] += _findings(round_, source, shared)
    return Compared(findings, round_.common(told))


class Round:
    """All passages of a round with their texts."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = sources
        self.offices = _numbers([one.office for one in sources])
        parties = _numbers([(one.office, one.fiscal_year) for one in sources])
        prints = [unpack(one.prints) for one in sources]
        assert all(one is not None for one in prints), "marks of an earlier version; make them anew"
        self.marked = Marked.of(
            [one for one in prints if one is not None],
            self.offices,
            parties,
            [one.evidence for one in sources],
        )
        self._form = lru_cache(maxsize=REMEMBERED)(
            lambda passage: grams(comparable(self.block(passage).text))
        )

    def source(self, passage: int) -> Source:
        """Return the document that a passage stands in."""
        return self.sources[int(self.marked.source[passage])]

    def block(self, passage: int) -> Block:
        """Return a passage as it was read."""
        return self.source(passage).text(int(self.marked.position[passage]))

    def shared(self, told: Candidates) -> Iterator[tuple[Source, dict[str, _Shared]]]:
        """Give, document by document, with whom its passages are alike.

        A passage that so many submissions have that they are told in one sentence is not held against still more of them:
        where thousands share a model, that would be most of the work and change no word.
        """
        found_with: dict[int, dict[str, _Shared]] = defaultdict(dict)
        alike_with: dict[int, set[str]] = defaultdict(set)
        for first, second in told.each_pair():
            elsewhere = self.marked.office[first] != self.marked.office[second]
            if elsewhere and len(alike_with[first]) > MOST_SUBMISSIONS:
                continue
            alike = likeness(self._form(first), self._form(second))
            if alike < self._least(first):
                continue
            if elsewhere:
                alike_with[first].add(self.source(second).submission)
            for one, other in ((first, second), (second, first)):
                mine, theirs = self.source(one), self.source(other)
                repeated = mine.office == theirs.office
                if repeated and (mine.fiscal_year or 0) <= (theirs.fiscal_year or 0):
                    continue  # the earlier one repeats nothing
                with_whom = found_with[int(self.marked.source[one])]
                with_whom.setdefault(theirs.submission, _Shared(repeated)).note(one, other, alike)
        for number in sorted(found_with):
            yield self.sources[number], dict(sorted(found_with[number].items()))

    def _least(self, passage: int) -> float:
        return ALIKE_ROW if self.block(passage).type == "table_row" else ALIKE

    def common(self, told: Candidates) -> list[Common]:
        """Return each passage that comes from above once, whatever was changed in some offices' copies."""
        if not len(told.common_marks):
            return []
        templates: list[list[int]] = []
        by_mark: dict[int, int] = {}
        for passage, marks in zip(told.common.tolist(), marks_of(self.marked, told.common), strict=True):
            own = told.of_many(marks).tolist()
            if not own:
                continue
            votes = [by_mark[mark] for mark in own if mark in by_mark]
            best = max(set(votes), key=votes.count, default=-1)
            if best < 0 or votes.count(best) < SAME_TEMPLATE * len(own):
                best = len(templates)
                templates.append([])
            templates[best].append(passage)
            for mark in own:
                by_mark.setdefault(mark, best)
        return [self._common(passages) for passages in templates]

    def _common(self, passages: Sequence[int]) -> Common:
        first = min(
            passages, key=lambda one: (self.source(one).fiscal_year or 9999, self.source(one).submission, one)
        )
        source, block = self.source(first), self.block(first)
        (marks,) = marks_of(self.marked, np.array([first]))
        mark = f"{int(marks.min()):08x}{len(comparable(block.text)):08x}"
        offices = len({int(self.marked.office[one]) for one in passages})
        return Common(
            mark, block.text, offices, source.fiscal_year, source.submission, source.file, block.page
        )


def _findings(round_: Round, source: Source, shared: Mapping[str, _Shared]) -> list[Finding]:
    """Tell of one document: a finding for each other submission, or one for all where they are many."""
    enough = {
        name: one
        for name, one in shared.items()
        if sum(len(comparable(round_.block(passage).text)) for passage in one.likest) >= ENOUGH_LETTERS
    }
    others = {name: one for name, one in enough.items() if not one.repeated}
    found_here = [_repeated(round_, source, name, one) for name, one in enough.items() if one.repeated]
    if len(others) <= MOST_SUBMISSIONS:
        return [*found_here, *(_alike(round_, source, name, one) for name, one in others.items())]
    return [*found_here, _alike_with_many(round_, source, others)]


def _alike(round_: Round, source: Source, name: str, shared: _Shared) -> Finding:
    thai, english = _where(round_, shared)
    count = len(shared.likest)
    return _told(
        round_,
        source,
        shared,
        "copied_text",
        Bilingual(
            f"มี {count} ข้อความเหมือนหรือคล้ายกับของ {name}{thai} โดยไม่ใช่ข้อความที่ใช้ร่วมกันทั่วประเทศ "
            "โปรดตรวจสอบว่าเป็นการปฏิบัติจริงของเขตนี้",
            f"{count} passages are the same as or like those of {name}{english}, and are no nationwide wording. "
            "Please check that they tell this office's own practice.",
        ),
    )


def _alike_with_many(round_: Round, source: Source, others: Mapping[str, _Shared]) -> Finding:
    most, shared = max(others.items(), key=lambda one: len(one[1].likest))
    thai, english = _where(round_, shared)
    passages = {passage for one in others.values() for passage in one.likest}
    return _told(
        round_,
        source,
        shared,
        "copied_text",
        Bilingual(
            f"มี {len(passages)} ข้อความเหมือนหรือคล้ายกับของอีกอย่างน้อย {len(others)} ชุดเอกสาร มากที่สุดคือ {most}{thai} "
            "อาจมีต้นแบบร่วมกัน โปรดตรวจสอบว่าเป็นการปฏิบัติจริงของเขตนี้",
            f"{len(passages)} passages are the same as or like those of {len(others)} other submissions or more, most of {most}"
            f"{english}; they may share a model. Please check that they tell this office's own practice.",
        ),
    )


def _repeated(round_: Round, source: Source, name: str, shared: _Shared) -> Finding:
    thai, english = _where(round_, shared)
    count = len(shared.likest)
    return _told(
        round_,
        source,
        shared,
        "repeated_text",
        Bilingual(
            f"มี {count} ข้อความเหมือนหรือคล้ายกับของปีก่อนของเขตเอง ({name}){thai} โปรดตรวจสอบว่าเป็นการปฏิบัติของปีนี้",
            f"{count} passages are the same as or like those of the office's own earlier year ({name}){english}. "
            "Please check that they tell this year's practice.",
        ),
    )


def _told(round_: Round, source: Source, shared: _Shared, kind: str, message: Bilingual) -> Finding:
    longest = max(shared.likest, key=lambda one: len(round_.block(one).text))
    alike, other = shared.likest[longest]
    theirs, block = round_.source(other), round_.block(other)
    certainty: Certainty = "likely" if alike >= SURELY else "possible"
    return found(
        kind,  # type: ignore[arg-type]
        message,
        source.file,
        round_.block(longest),
        certainty=certainty,
        other=OtherPassage(
            submission=theirs.submission, document=theirs.file, page=block.page, text=block.text[:QUOTE]
        ),
    )


def _where(round_: Round, shared: _Shared) -> tuple[str, str]:
    pages = sorted({page for one in shared.likest if (page := round_.block(one).page) is not None})
    if not pages:
        return "", ""
    where = ", ".join(map(str, pages[:MOST_PAGES])) + (" …" if len(pages) > MOST_PAGES else "")
    return f" (หน้า {where})", f" (pages {where})"


def _numbers(values: Sequence[object]) -> list[int]:
    numbers: dict[object, int] = {}
    return [numbers.setdefault(value, len(numbers)) for value in values]
