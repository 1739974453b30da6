"""Who makes a request: the session behind the cookie or the token, the person, the language, and the right to write."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Form, Path, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BeforeValidator, Field

from pipeline.review.decisions.act_values import bad_act
from pipeline.review.people.sessions import COOKIE, BrowserSession, renew
from pipeline.review.people.users import Person, Role, find_local, local_user, user_of_token
from pipeline.review.settings import LOCAL_USER
from pipeline.review.web.context import Context, context_of
from pipeline.review.web.dates import end_of_day
from pipeline.store.tables import User
from rubric.exceptions import AccessError
from rubric.language import Bilingual, Language

LANGUAGE_COOKIE = "khetcheck_language"
CSRF_HEADER = "x-csrf-token"


class LoginNeeded(Exception):
    """Nobody is logged in; a page answers with the login form, the API with 401."""


class Forged(Exception):
    """A writing request without this session's token."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """One request's sender.

    Attributes:
        fresh: the session is new or must be renewed: its cookie goes out with the answer.
    """

    session: BrowserSession
    person: Person | None
    language: Language
    fresh: bool

    @property
    def known(self) -> Person:
        """The person; raises :class:`LoginNeeded` where nobody is logged in."""
        if self.person is None:
            raise LoginNeeded
        return self.person


ContextOf = Annotated[Context, Depends(context_of)]


def visitor_of(request: Request, context: ContextOf) -> Visitor:
    """Return who makes a request, logged in or not."""
    session = context.sessions.read(request.cookies.get(COOKIE))
    person, fresh = None, session is None or session.needs_renewal
    session = session or context.sessions.anonymous()
    if session.user_id is not None:
        person = _person(context, session)
        if person is not None and fresh and not context.single_user:
            with context.writing() as work:
                renew(work, session)
    if person is None and context.single_user:
        person = _local(context)
        session, fresh = context.sessions.logged_in(person.id, person.session_key), True
    visitor = Visitor(session, person, language_of(request, person, context), fresh)
    request.state.visitor = visitor
    return visitor


def member_of(visitor: Annotated[Visitor, Depends(visitor_of)]) -> Visitor:
    """Return a visitor who is logged in.

    Raises:
        LoginNeeded: nobody is.
    """
    assert visitor.known
    return visitor


def writer_of(
    request: Request, context: ContextOf, visitor: Annotated[Visitor, Depends(member_of)]
) -> Visitor:
    """Return a logged-in visitor whose request carries the session's token (as a header; see ``form_token``).

    Raises:
        Forged: it does not.
    """
    if not context.sessions.is_token(visitor.session, request.headers.get(CSRF_HEADER, "")):
        raise Forged
    return visitor


async def form_writer_of(
    request: Request, context: ContextOf, visitor: Annotated[Visitor, Depends(visitor_of)]
) -> Visitor:
    """Return the sender of a plain form, which carries the token as the field ``csrf``.

    Raises:
        Forged: it does not.
    """
    form = await request.form()
    given = request.headers.get(CSRF_HEADER) or str(form.get("csrf", ""))
    if not context.sessions.is_token(visitor.session, given):
        raise Forged
    return visitor


_BEARER = HTTPBearer(auto_error=False, description="A token made by `khetcheck users token NAME`.")


def reader_of(
    request: Request,
    context: ContextOf,
    token: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> Person:
    """Return who reads the JSON pages: the user of the token, else of the session.

    Raises:
        LoginNeeded: neither.
    """
    if token is None:
        if (
            "authorization" in request.headers
        ):  # a malformed one is refused, also beside a session that would do
            raise LoginNeeded
        return visitor_of(request, context).known
    with context.store.reading() as work:
        user = user_of_token(work, token.credentials)
        if user is None:
            raise LoginNeeded
        return Person.of(user)


Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
"""A number in an address: a case, a document, a point, a page."""


def _none_if_empty(given: object) -> object:
    return None if given == "" else given


OptionalNumber = Annotated[
    Annotated[int, Field(ge=1, le=2**31 - 1)] | None, BeforeValidator(_none_if_empty), Query()
]
"""A number that a form's menu sends empty where all are meant."""
Member = Annotated[Visitor, Depends(member_of)]
Writer = Annotated[Visitor, Depends(writer_of)]
Reader = Annotated[Person, Depends(reader_of)]


_Part = Annotated[int | None, BeforeValidator(_none_if_empty), Form(ge=1, le=9999)]


def chosen_day(due_day: _Part = None, due_month: _Part = None, due_year: _Part = None) -> dt.datetime | None:
    """Return the end of the day that a form sends as day, month and year, each by itself; None where none was chosen.

    A browser's own field for dates shows them in the order of its own language.

    Raises:
        ActError: only a part was chosen, or there is no such day.
    """
    if due_day is None and due_month is None and due_year is None:
        return None
    if due_day is None or due_month is None or due_year is None:
        raise bad_act(
            "กำหนดส่งยังไม่ครบ เลือกวันที่ เดือน และปี", "The deadline is not complete: choose day, month and year."
        )
    try:
        return end_of_day(dt.date(due_year, due_month, due_day))
    except ValueError as error:
        raise bad_act("ไม่มีวันที่นี้ในเดือนที่เลือก", "There is no such day in that month.") from error


ChosenDay = Annotated[dt.datetime | None, Depends(chosen_day)]


def demand(person: Person, role: Role) -> None:
    """Refuse people below ``role``.

    Raises:
        AccessError: theirs does not suffice.
    """
    if not person.is_at_least(role):
        raise AccessError(
            Bilingual("หน้านี้สำหรับหัวหน้าคณะผู้ตรวจหรือผู้ดูแลระบบ", "This page is for leads and administrators.")
        )


def language_of(request: Request, person: Person | None, context: Context) -> Language:
    """Return the language to speak: chosen on this browser, by this user, or the page's default."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen not in ("th", "en") and person is not None:
        chosen = str(person.preferences.get("language", ""))
    return "th" if chosen == "th" else "en" if chosen == "en" else context.settings.language


def _local(context: Context) -> Person:
    """Return the one user of single-user mode, made on the first visit."""
    with context.store.reading() as work:
        known = find_local(work)
    if known is not None:
        return Person.of(known)
    with context.writing() as work:
        return Person.of(local_user(work))


def _person(context: Context, session: BrowserSession) -> Person | None:
    with context.store.reading() as work:
        user = work.get(User, session.user_id)
        if user is None or user.disabled_at is not None or user.session_key != session.session_key:
            return None
        holds = context.single_user if user.name == LOCAL_USER else context.sessions.is_open(work, session)
    return Person.of(user) if holds else None
