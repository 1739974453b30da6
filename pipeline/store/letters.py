"""Letters to offices: the open one of a submission, the frozen ones, what they ask for, and their files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from pipeline.store.tables import LetterAsk, LetterFile, LetterRow, Submission


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a letter asked for; fields as in :class:`pipeline.store.tables.letters.LetterAsk`."""

    ask: str
    number: int
    point: int | None
    facet: str
    text: str


def asks_of_last_letter(session: Session, submission: str) -> tuple[Asked, ...]:
    """Return what the last frozen letter of a submission asked for, by number; nothing where there is none.

    An open letter has not left the house, so nobody can answer it.
    """
    last = last_frozen(session, submission)
    if last is None:
        return ()
    rows = session.scalars(select(LetterAsk).where(LetterAsk.letter_id == last.id).order_by(LetterAsk.number))
    return tuple(Asked(one.ask, one.number, one.point, one.facet, one.text) for one in rows)


def last_letter(session: Session, submission: str) -> LetterRow | None:
    """Return the newest letter of a submission, open or frozen."""
    return session.scalar(_of(submission).limit(1))


def last_frozen(session: Session, submission: str) -> LetterRow | None:
    """Return the newest frozen letter of a submission."""
    return session.scalar(_of(submission).where(LetterRow.state == "frozen").limit(1))


def letter_numbered(session: Session, submission: str, number: int) -> LetterRow | None:
    """Return one letter of a submission."""
    return session.scalar(_of(submission).where(LetterRow.number == number))


def letter_with_file(session: Session, sha256: str) -> tuple[LetterRow, LetterFile] | None:
    """Return the letter of which a file of these bytes was written."""
    found = session.execute(
        select(LetterRow, LetterFile)
        .join(LetterFile, LetterFile.letter_id == LetterRow.id)
        .where(LetterFile.sha256 == sha256)
        .limit(1)
    ).first()
    return (found[0], found[1]) if found else None


def kept_file(session: Session, letter: LetterRow, form: str) -> str | None:
    """Return the SHA-256 of the kept file of a letter as it stands, in this form."""
    return session.scalar(
        select(LetterFile.sha256)
        .where(
            LetterFile.letter_id == letter.id,
            LetterFile.form == form,
            LetterFile.key == letter.key,
            LetterFile.kept,
        )
        .limit(1)
    )


def all_letters(session: Session, submission: str | None = None) -> list[tuple[str, LetterRow]]:
    """Return all letters with the names of their submissions, by name and number."""
    query = (
        select(Submission.name, LetterRow)
        .join(Submission, Submission.id == LetterRow.submission_id)
        .order_by(Submission.name, LetterRow.number)
    )
    if submission is not None:
        query = query.where(Submission.name == submission)
    return [(name, row) for name, row in session.execute(query)]


def set_asks(session: Session, letter: LetterRow, asks: Iterable[Asked]) -> None:
    """Make these the asks of an open letter."""
    session.execute(delete(LetterAsk).where(LetterAsk.letter_id == letter.id))
    session.add_all(
        LetterAsk(
            letter_id=letter.id,
            submission_id=letter.submission_id,
            ask=one.ask,
            number=one.number,
            point=one.point,
            facet=one.facet,
            text=one.text,
        )
        for one in asks
    )


def note_files(session: Session, letter: LetterRow, files: Sequence[tuple[str, str, bool]]) -> None:
    """Note files written of a letter as ``(form, SHA-256, kept)``; one that is known already is left as it is."""
    for sha256, (form, kept) in {sha256: (form, kept) for form, sha256, kept in files}.items():
        if session.get(LetterFile, (letter.id, sha256)) is None:
            session.add(LetterFile(letter_id=letter.id, sha256=sha256, form=form, key=letter.key, kept=kept))


def _of(submission: str) -> Select[LetterRow]:
    return (
        select(LetterRow)
        .join(Submission, Submission.id == LetterRow.submission_id)
        .where(Submission.name == submission)
        .order_by(LetterRow.number.desc())
    )
