"""Logging in and out, and choosing the language."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from pipeline.review.people.passwords import is_password
from pipeline.review.people.sessions import COOKIE
from pipeline.review.people.throttle import forgive, is_blocked, note_failure
from pipeline.review.people.users import Person
from pipeline.review.web.context import Context
from pipeline.review.web.render import page, set_session
from pipeline.review.web.visitors import LANGUAGE_COOKIE, ContextOf, Visitor, form_writer_of, visitor_of
from pipeline.store.tables import User

router = APIRouter(include_in_schema=False)
YEAR_SECONDS = 365 * 24 * 3600


@router.get("/login")
def login_form(
    request: Request, visitor: Annotated[Visitor, Depends(visitor_of)], next: str = "/"
) -> Response:
    """Show the login form."""
    if visitor.person is not None:
        return RedirectResponse(inside(next), 303)
    return page(request, visitor, "login.html", problem=None, next=inside(next), name="")


@router.post("/login")
async def login(
    request: Request,
    context: ContextOf,
    visitor: Annotated[Visitor, Depends(form_writer_of)],
    name: Annotated[str, Form(max_length=100)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    next: Annotated[str, Form(max_length=500)] = "/",
) -> Response:
    """Check name and password; wrong ones are counted, too many are refused for a while."""
    address = request.client.host if request.client else ""
    problem, person = await run_in_threadpool(_check, context, name.strip().lower(), password, address)
    if person is None:
        status = 429 if problem == "login.blocked" else 401
        return page(request, visitor, "login.html", status, problem=problem, next=inside(next), name=name)
    answer = RedirectResponse(inside(next), 303)
    session = context.sessions.logged_in(person.id, person.session_key)
    set_session(answer, context, replace(visitor, session=session))
    return answer


@router.post("/logout")
async def logout(visitor: Annotated[Visitor, Depends(form_writer_of)]) -> Response:
    """Forget the session on this browser."""
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE)
    return answer


@router.get("/language/{language}")
def choose_language(context: ContextOf, language: str, next: str = "/") -> Response:
    """Speak the other language from now on, on this browser."""
    answer = RedirectResponse(inside(next), 303)
    if language in ("th", "en"):
        answer.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=YEAR_SECONDS,
            samesite="lax",
            secure=context.settings.secure_cookies,
        )
    return answer


def inside(address: str) -> str:
    r"""Return ``address`` where it is a place on this page, else the first page (no redirects to elsewhere).

    >>> inside("/cases/3"), inside("//evil.example/x"), inside("/\\evil.example"), inside("https://x.example")
    ('/cases/3', '/', '/', '/')
    """
    plain = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if plain and address.isprintable() and "\\" not in address else "/"


def _check(context: Context, name: str, password: str, address: str) -> tuple[str | None, Person | None]:
    with context.store.reading() as work:
        if is_blocked(work, name, address):
            return "login.blocked", None
    with context.store.reading() as work:
        user = work.query(User).filter(User.name == name).one_or_none()
    allowed = user if user is not None and user.disabled_at is None else None
    if is_password(allowed.password_hash if allowed else "", password) and allowed:
        with context.store.transaction() as work:
            forgive(work, name)
        return None, Person.of(allowed)
    with context.store.transaction() as work:
        note_failure(work, name, address)
    return "login.wrong", None
