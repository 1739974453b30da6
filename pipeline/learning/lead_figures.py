"""Figures that leads see, each told once: what counts them, the child process, the page and the JSON share these classes.

A figure that is added here is in the page's reach and in the JSON at once; ``Kept`` marks what is not sent. Nothing here
needs statistics or a model, so that the server may import it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, computed_field
from pydantic.dataclasses import dataclass

from models.measuring.term_figures import Candidate, TermWorth
from rubric.language import Bilingual

Kept = Annotated[int, Field(exclude=True)]
"""Counted, and not part of the JSON."""


@dataclass(frozen=True)
class Worded:
    """Figures that can be said in one sentence; in JSON it is ``told``."""

    def told(self) -> Bilingual:
        """One sentence."""
        raise NotImplementedError

    @computed_field(alias="told")  # type: ignore[prop-decorator]
    @property
    def wording(self) -> Bilingual:
        """The sentence as the page and the JSON show it."""
        return self.told()


@dataclass(frozen=True)
class Figure(Worded):
    """A share in the batch and in the reference; ``chance`` is the probability that chance alone differs as much.

    Attributes:
        name: ``abstained``, ``ocr``, ``unreadable``, ``score:3``, ``override:2``, ``new_words``.
        alarm: it differs by more than chance and by enough to matter.
    """

    name: str
    part: Kept
    whole: Annotated[int, Field(serialization_alias="of")]
    before_part: Kept
    before_whole: Annotated[int, Field(serialization_alias="before_of")]
    chance: float
    alarm: bool = False

    @computed_field  # type: ignore[prop-decorator]
    @property
    def share(self) -> float:
        """Share in the batch."""
        return self.part / self.whole if self.whole else 0.0

    @computed_field  # type: ignore[prop-decorator]
    @property
    def before(self) -> float:
        """Share in the reference."""
        return self.before_part / self.before_whole if self.before_whole else 0.0

    def told(self) -> Bilingual:
        """One sentence."""
        thai, english = _named(self.name)
        return Bilingual(
            f"{thai}: ร้อยละ {self.share * 100:.0f} (ช่วงอ้างอิงร้อยละ {self.before * 100:.0f})",
            f"{english}: {self.share * 100:.0f} % (reference {self.before * 100:.0f} %).",
        )


@dataclass(frozen=True)
class Drift:
    """A batch against its reference; ``reference`` names the batches it was compared with.

    Attributes:
        enough: whether both have the ``least`` drafts without which nothing rings.
    """

    batch: int
    reference: tuple[int, ...]
    drafts: int
    figures: tuple[Figure, ...]
    enough: bool
    least: Kept

    @property
    def alarms(self) -> tuple[Figure, ...]:
        """The figures that ring."""
        return tuple(figure for figure in self.figures if figure.alarm)


@dataclass(frozen=True)
class Forecast(Worded):
    """What is promised of a batch at one threshold.

    Attributes:
        points: of the batch; ``passing`` of them pass unread.
        hours: of reviewing the others; ``hours_all`` of reviewing all.
        expected_wrong: among the passing ones by the drafts' own probabilities.
        reviewed: reviewed points above the threshold, ``reviewed_wrong`` of them wrong.
        share_at_most: upper bound of the share of wrong ones among the passing, 95 %, from the reviewed; None without any.
        timed: whether the hours rest on times measured here.
    """

    threshold: float
    points: int
    passing: int
    hours: float
    hours_all: float
    expected_wrong: float
    reviewed: Kept
    reviewed_wrong: Kept
    share_at_most: float | None
    timed: bool

    def told(self) -> Bilingual:
        """The promise as a sentence."""
        if not self.points:
            return Bilingual("ไม่มีประเด็นที่รอตรวจ", "No point waits for a review.")
        percent = 100 * self.passing / self.points
        spent, whole = _time(self.hours), _time(self.hours_all)
        if self.share_at_most is None:
            bound = Bilingual("ยังไม่ทราบขอบเขตบน", "no upper bound yet")
        else:
            share = f"{self.share_at_most * 100:.1f}"
            bound = Bilingual(f"ไม่เกินร้อยละ {share} ของที่ผ่าน", f"at most {share} % of those that pass")
        return Bilingual(
            f"ที่เกณฑ์ {self.threshold:.2f}: ผ่านโดยไม่ต้องตรวจ {self.passing} จาก {self.points} ประเด็น (ร้อยละ {percent:.0f}) "
            f"คาดว่าผิด {self.expected_wrong:.1f} ประเด็น ({bound.th}) ใช้เวลาตรวจ {spent.th} จาก {whole.th}",
            f"At {self.threshold:.2f}: {self.passing} of {self.points} points ({percent:.0f} %) pass unread, "
            f"{self.expected_wrong:.1f} points of them expected wrong ({bound.en}); "
            f"{spent.en} of {whole.en} of review.",
        )


@dataclass(frozen=True)
class CameTrue:
    """What really came: of the points that would have passed and were reviewed all the same, how many were wrong."""

    batch: int
    forecast: Annotated[Forecast, Field(exclude=True)]
    checked: Kept
    wrong: Kept
    hours: Annotated[float, Field(exclude=True)]

    @computed_field(alias="told")  # type: ignore[prop-decorator]
    @property
    def promise(self) -> Bilingual:
        """What was promised, as a sentence."""
        return self.forecast.told()

    @computed_field(alias="came")  # type: ignore[prop-decorator]
    @property
    def outcome(self) -> Bilingual:
        """What came of it, as a sentence."""
        return self.told()

    def told(self) -> Bilingual:
        """The outcome as a sentence."""
        share = 100 * self.wrong / self.checked if self.checked else 0.0
        return Bilingual(
            f"คาดไว้ว่าผิด {self.forecast.expected_wrong:.1f} ประเด็น "
            f"ตรวจแล้ว {self.checked} ประเด็น ผิดจริง {self.wrong} (ร้อยละ {share:.1f}) "
            f"ใช้เวลาไปแล้ว {_time(self.hours).th}",
            f"Expected wrong: {self.forecast.expected_wrong:.1f}. "
            f"Of {self.checked} checked, {self.wrong} were wrong ({share:.1f} %); "
            f"{_time(self.hours).en} spent so far.",
        )


@dataclass(frozen=True)
class Learning(Forecast):
    """What a threshold would save and risk of the undecided cases, promises held to, and the worth of keywords.

    Attributes:
        cases: reviewed cases that the keywords were counted on.
        keywords: the lexicon's; ``wishes`` are words that confirmed evidence uses often and no lexicon has.
    """

    promises: tuple[CameTrue, ...]
    cases: int
    keywords: tuple[TermWorth, ...]
    wishes: tuple[Candidate, ...]


def _named(name: str) -> tuple[str, str]:
    kind, _, number = name.partition(":")
    return {
        "abstained": ("ร่างที่ระบบงดให้คะแนน", "Drafts that abstain"),
        "ocr": ("เอกสารสแกนที่อ่านด้วย OCR", "Documents read by OCR"),
        "unreadable": ("เอกสารที่อ่านไม่ได้", "Documents that cannot be read"),
        "score": (f"ร่างที่ได้ {number} คะแนน", f"Drafts of score {number}"),
        "override": (f"ประเด็นที่ {number} ที่ผู้ตรวจแก้ผลร่าง", f"Point {number} overridden by reviewers"),
        "new_words": ("คำที่แบบจำลองไม่รู้จัก", "Words the model does not know"),
    }[kind]


def _time(hours: float) -> Bilingual:
    """Return a length of time in words; in minutes where it is under two hours, so that little is not shown as nothing."""
    if hours >= 2:
        return Bilingual(f"{hours:.1f} ชั่วโมง", f"{hours:.1f} hours")
    minutes = round(hours * 60) if hours >= 1 / 60 or not hours else 1
    return Bilingual(f"{minutes} นาที", f"{minutes} minutes" if minutes != 1 else "1 minute")
