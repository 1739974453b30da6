"""Texts in the making: kept at once for their writer alone, and forgotten when they have become an act or are put aside.

They are no part of the log: a note is one entry for each visit to its field, however often it was kept meanwhile.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from pipeline.review.decisions.act_values import Strict, bad_act
from pipeline.store.tables import TypedText, now

LONGEST = 10_000
"""Characters; more than any field takes, with room for what is kept as JSON."""
MOST_TEXTS = 2000
"""Of one person; each is forgotten when it is stored, so that nobody ever comes near it."""
Place = Annotated[
    str,
    StringConstraints(
        pattern=r"^(?:(?:case|adjudication):[0-9]{1,10}:[a-z_]{1,30}(?::[0-9]{1,10})?|queue:[a-z_]{1,30})$"
    ),
]
Page = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8,40}$")]


class Typed(Strict):
    """A field's text as a window has it; ``text`` is None where it may be forgotten (stored, or put aside)."""

    place: Place
    page: Page
    text: Annotated[str, StringConstraints(max_length=LONGEST)] | None
    base: Annotated[str, StringConstraints(max_length=LONGEST)] = ""
    stamp: Annotated[int, Field(ge=0, le=2**53)]


def note_place(submission_id: int, point: int) -> str:
    """Name the field for a note on a point."""
    return f"case:{submission_id}:note:{point}"


def reason_place(submission_id: int, kind: str) -> str:
    """Name the field for the reason that an act on the whole case asks for."""
    return f"case:{submission_id}:{kind}"


def question_place(submission_id: int, point: int) -> str:
    """Name the field for a question to a colleague on a point."""
    return f"case:{submission_id}:ask:{point}"


def answer_place(submission_id: int, question: int) -> str:
    """Name the field for an answer to a colleague."""
    return f"case:{submission_id}:answer:{question}"


def adjudication_place(submission_id: int, point: int) -> str:
    """Name the field for the reason of a lead who decides a point."""
    return f"adjudication:{submission_id}:reason:{point}"


def keep(session: Session, user_id: int, typed: Typed) -> None:
    """Keep a text, unless a newer one of the same window is there; forget it where it is None.

    Raises:
        UserError: far too many texts are kept already.
    """
    row = session.get(TypedText, (user_id, typed.place, typed.page))
    if row is not None and row.stamp > typed.stamp:
        return
    if typed.text is None:
        if row is not None:
            session.delete(row)
        return
    if row is None:
        count = select(func.count()).select_from(TypedText).where(TypedText.user_id == user_id)
        if (session.scalar(count) or 0) >= MOST_TEXTS:
            raise bad_act("มีข้อความที่พักไว้มากเกินไป", "Too many unfinished texts are kept already.")
        row = TypedText(user_id=user_id, place=typed.place, page=typed.page)
        session.add(row)
    row.text, row.base, row.stamp, row.at = typed.text, typed.base, typed.stamp, now()
    session.flush()


def forget_stored(session: Session, user_id: int, place: str, text: str) -> None:
    """Forget what says the same as ``text``, which is stored now; what was typed since stays."""
    rows = select(TypedText).where(TypedText.user_id == user_id, TypedText.place == place)
    same = [row.page for row in session.scalars(rows) if row.text.strip() == text.strip()]
    if same:
        session.execute(
            delete(TypedText).where(
                TypedText.user_id == user_id, TypedText.place == place, TypedText.page.in_(same)
            )
        )


def kept_texts(session: Session, user_id: int, under: str) -> list[TypedText]:
    """Return a person's texts of fields whose name begins with ``under``, newest first."""
    rows = select(TypedText).where(
        TypedText.user_id == user_id, TypedText.place.startswith(under, autoescape=True)
    )
    return list(session.scalars(rows.order_by(TypedText.at.desc())))
