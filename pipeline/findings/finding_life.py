"""The life of a finding: open, dismissed, fixed, not seen again. Pure rules; the acts of people come as values.

Only a person dismisses, and only a person or a changed content opens again. Nothing closes itself: a finding that is no
longer made is *not seen again* while its content is still there, and *fixed* once the content went.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from pipeline.drafts import FindingState, Sentence
from pipeline.findings.finding_keys import Identity, comparing_form
from rubric.language import Bilingual

What = Literal["dismissed", "reopened"]
_NOT_FIGURES = re.compile(r"[^0-9]+")
SAME_WORDS = 0.85
"""Share of letters in common from which on two quotes are two readings of the same words."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a finding is dismissed.

    Attributes:
        against: it tells that findings of its kind are not worth a look. true: the finding was right all the same.
    """

    code: str
    told: Bilingual
    against: bool
    true: bool = True


REASONS = {
    reason.code: reason
    for reason in (
        Reason(
            "wrong", Bilingual("ไม่เป็นความจริง โปรแกรมเข้าใจผิด", "Not so: the program is mistaken"), True, False
        ),
        Reason("in_order", Bilingual("เป็นจริงแต่ถูกต้องตามปกติ", "True, and in order"), True),
        Reason("irrelevant", Bilingual("เป็นจริงแต่ไม่มีผลต่อการประเมิน", "True, but of no bearing here"), True),
        Reason(
            "settled", Bilingual("เป็นจริง และจัดการกับสำนักงานแล้ว", "True, and settled with the office"), False
        ),
        Reason("duplicate", Bilingual("ซ้ำกับข้อสังเกตอื่น", "Said by another finding already"), False),
    )
}
"""The short list; its order is the order on the screen. Codes are stored, so they stay."""


@dataclass(frozen=True, slots=True)
class Act:
    """What a person said of a finding; acts are only ever added."""

    identity: Identity
    kind: str
    point: int | None
    quote: str
    what: What
    reason: str
    note: str
    who: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a finding stands; ``act`` is what people said last, also where it counts no longer."""

    state: FindingState
    act: Act | None = None
    note: Sentence | None = None


OPEN = Standing("open")


class Acts:
    """The acts on one submission's findings, in the order in which they were done."""

    def __init__(self, acts: Iterable[Act]) -> None:
        self._by_key: dict[str, Act] = {}
        self._by_stem: dict[str, Act] = {}
        for act in acts:
            self._by_key[act.identity.key] = act
            self._by_stem[act.identity.stem] = act

    def standing(self, identity: Identity, kind: str, point: int | None, quote: str) -> Standing:
        """Return where a finding stands that was made of the current delivery."""
        act = self._by_key.get(identity.key) or self._reread(identity, kind, point, quote)
        if act is not None:
            return Standing("dismissed" if act.what == "dismissed" else "open", act)
        before = self._by_stem.get(identity.stem)
        if before is not None and before.what == "dismissed":
            return Standing("open", before, Sentence.of(_changed(before)))
        return OPEN

    def last(self, key: str) -> Act | None:
        """Return the last act on a key."""
        return self._by_key.get(key)

    def _reread(self, identity: Identity, kind: str, point: int | None, quote: str) -> Act | None:
        """Return the act on the same words of the same bytes that another reader spelt otherwise."""
        words = comparing_form(quote)
        if not words:
            return None
        for act in self._by_key.values():
            if (act.identity.content, act.kind, act.point) != (identity.content, kind, point):
                continue
            other = comparing_form(act.quote)
            if other and _alike(words, other):
                return act
        return None


def gone(
    identity: Identity, last: Act | None, contents: Iterable[str], stems: Iterable[str]
) -> FindingState | None:
    """Return where a finding stands that is made no longer; None where one of changed content took its place.

    Args:
        contents: the contents that are still delivered. stems: those of the findings made now.
    """
    if identity.stem in set(stems):
        return None
    if last is not None and last.what == "dismissed":
        return "dismissed"
    return "not_seen" if identity.content in set(contents) else "fixed"


def reason_told(code: str) -> Bilingual:
    """Return the words of a reason; a code of another version is shown as it is."""
    known = REASONS.get(code)
    return known.told if known else Bilingual(code, code)


def counts(states: Sequence[FindingState]) -> Mapping[FindingState, int]:
    """Return how many stand where, all four named."""
    return {state: states.count(state) for state in ("open", "dismissed", "fixed", "not_seen")}


@lru_cache(maxsize=1 << 15)
def _alike(one: str, other: str) -> bool:
    """Tell whether two quotes are readings of the same words.

    Other figures are another finding, however alike the words: 50,000 baht dismissed say nothing of 60,000.

    Asked of every pair on a page of all findings, time and again: so figures, lengths and letters, which cost little,
    decide before the comparison does, and what was compared is remembered.
    """
    if _NOT_FIGURES.sub("", one) != _NOT_FIGURES.sub("", other):
        return False
    if 2 * min(len(one), len(other)) < SAME_WORDS * (len(one) + len(other)):
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= SAME_WORDS and matcher.ratio() >= SAME_WORDS


def _changed(act: Act) -> Bilingual:
    reason = reason_told(act.reason)
    day = act.at.date()
    return Bilingual(
        f"เคยปิดไว้เมื่อ {day.day}/{day.month}/{day.year + 543} โดย {act.who} ({reason.th}) เปิดอีกครั้งเพราะเนื้อหาของเอกสารเปลี่ยนไป",
        f"Dismissed on {day.isoformat()} by {act.who} ({reason.en}); open again because the content has changed.",
    )
