"""What is still open in a case whose reader is about to finish it: told once, before the result is handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.review.cases.case import Case
from pipeline.review.cases.case_findings import Decisive
from pipeline.review.talk.threads import Thread


@dataclass(frozen=True, slots=True)
class OpenEnds:
    """What nobody has settled.

    Attributes:
        questions: to colleagues, without an answer.
        findings: those that decide a case, not dismissed.
        unsupported: points decided otherwise than drafted, with no passage that says so.
    """

    questions: tuple[Thread, ...]
    findings: tuple[Decisive, ...]
    unsupported: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.questions or self.findings or self.unsupported)


def open_ends_of(case: Case, decisive: Sequence[Decisive]) -> OpenEnds:
    """Return what is open in a case.

    A point raised above its draft needs a passage that counts; one lowered, something said of the draft's passages where
    they count. A note gives the reason as well.
    """
    questions = (thread for threads in case.talk.threads.values() for thread in threads if thread.open)
    unsupported = tuple(
        view.number for view in case.points if view.changed and not view.note and not view.supported
    )
    return OpenEnds(tuple(questions), tuple(decisive), unsupported)
