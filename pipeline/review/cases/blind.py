"""What a reader may know of a case: its draft, and whose it is.

A blind reader sees neither until they have scored, and the office's name not before they have finished: who sent a
report sways a reader as much as a draft does. Until then a case is called by its number, its files by theirs. The
documents' own text and pages are shown as they are; they may name the office.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.drafts import Draft
from pipeline.review.cases.reader_role import ReaderRole
from pipeline.review.cases.shares import shares_of
from pipeline.review.catalogue import catalogue
from pipeline.review.people.users import Person
from pipeline.store.tables import Assignment, Document, Review, Submission
from rubric.language import Bilingual

DECIDED = ("confirmed", "changed", "adjudicated")


@dataclass(frozen=True, slots=True)
class Hiding:
    """What is kept from a person: the draft, the office's name."""

    draft: bool
    name: bool


SHOWN = Hiding(draft=False, name=False)


def hiding_of(session: Session, submission: Submission, role: ReaderRole, person: Person) -> Hiding:
    """Return what is kept from a person in a case."""
    review = role.review
    if review is not None:
        return _in_review(review)
    drawn = shares_of(session).draws_blind(submission.name)
    return _before(drawn, submission.state, person, reads=role.kind is not None)


class Hidings:
    """What is kept from one person in each of many cases; asks the database thrice, for however many.

    Attributes:
        reads_blind: this person has a case to read blind and has not finished it.
    """

    def __init__(self, session: Session, person: Person) -> None:
        self.shares = shares_of(session)
        self._person = person
        reviews = select(Review).where(Review.user_id == person.id, Review.kind.in_(("first", "second")))
        self._mine = {review.submission_id: review for review in session.scalars(reviews.order_by(Review.id))}
        reading = select(Assignment.submission_id).where(
            Assignment.user_id == person.id, Assignment.state != "withdrawn"
        )
        self._reads = set(session.scalars(reading))
        still = reading.where(Assignment.blind, Assignment.state == "open")
        self.reads_blind = any(one.blind and one.finished_at is None for one in self._mine.values()) or bool(
            session.scalar(still.limit(1))
        )

    def hides(self, submission_id: int, name: str, state: str) -> bool:
        """Tell whether anything is kept of one case: it is left out of lists that would tell of it."""
        kept = self.of(submission_id, name, state)
        return kept.draft or kept.name

    def of(self, submission_id: int, name: str, state: str) -> Hiding:
        """Return what is kept of one case."""
        review = self._mine.get(submission_id)
        if review is not None:
            return _in_review(review)
        drawn = self.shares.draws_blind(name)
        return _before(drawn, state, self._person, reads=submission_id in self._reads)


def _in_review(review: Review) -> Hiding:
    return Hiding(
        draft=review.blind and review.revealed_at is None, name=review.blind and review.finished_at is None
    )


def _before(drawn: bool, state: str, person: Person, *, reads: bool) -> Hiding:
    """Before a person has opened a case: leads may look at decided ones, unless they are to read it themselves."""
    closed = drawn and (reads or not (person.is_at_least("lead") and state in DECIDED))
    return Hiding(draft=closed, name=closed)


def case_names(submission: Submission, hiding: Hiding) -> tuple[Bilingual, Bilingual]:
    """Return the short and the full name of a case: of the office, or the case's number."""
    if hiding.name:
        return neutral_name(submission.id), catalogue().both("nameless.office")
    short = submission.office_key or submission.office or submission.name
    return _same(short), _same(submission.office or submission.name)


def neutral_name(submission_id: int) -> Bilingual:
    """Return what a case is called while its office's name is hidden."""
    return catalogue().both("nameless.case", number=f"{submission_id:04}")


def file_names(documents: Sequence[Document], submission_id: int, hiding: Hiding) -> dict[int, Bilingual]:
    """Return document id -> its file's name, or its number in the case."""
    if not hiding.name:
        return {document.id: _same(document.file) for document in documents}
    case = f"{submission_id:04}"
    return {
        document.id: catalogue().both("nameless.document", number=case, at=document.position + 1)
        for document in documents
    }


def without_names(draft: Draft, submission_id: int) -> Draft:
    """Return a draft as other systems read it for a blind reader: office, submission and files by number."""
    name = neutral_name(submission_id).th
    files = {
        one.file: catalogue().both("nameless.document", number=f"{submission_id:04}", at=at).th
        for at, one in enumerate(draft.documents, 1)
    }
    points = tuple(
        point.model_copy(
            update={
                listed: tuple(
                    one.model_copy(update={"document": files.get(one.document, name)})
                    for one in getattr(point, listed)
                )
                for listed in ("evidence", "nearest_misses", "contradicted_by")
            }
        )
        for point in draft.points
    )
    names = [draft.submission, draft.office, *files]
    findings = tuple(
        one.model_copy(
            update={"document": files.get(one.document, name) if one.document else None, "subject": ""}
        )
        for one in draft.findings
        if not tells_name(
            one.kind, one.model_dump_json(include={"message", "message_en", "quote", "other", "note"}), names
        )
    )
    documents = tuple(one.model_copy(update={"file": files[one.file]}) for one in draft.documents)
    hidden = {"submission": name, "office": "", "province": ""}
    return draft.model_copy(update={**hidden, "points": points, "findings": findings, "documents": documents})


def tells_name(kind: str, text: str, names: Iterable[str]) -> bool:
    """Tell whether a finding would say whose the case is: it names the office, the submission or one of its files."""
    return kind == "other_office" or any(len(name) > 2 and name in text for name in names)


def _same(name: str) -> Bilingual:
    return Bilingual(name, name)
