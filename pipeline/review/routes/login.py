"""Logging in and out, and choosing the language."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from pipeline.review.people.passwords import TooManyAtOnce, is_password, place_in_line
from pipeline.review.people.sessions import COOKIE, DEVICE_COOKIE, BrowserSession, begin, end
from pipeline.review.people.throttle import admit, forgive, sender_of
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
    """Check name and password; each try is counted first, and too many are refused for a short while."""
    name = name.replace("\0", "").strip().lower()
    address = request.client.host if request.client else ""
    sender = sender_of(address, context.sessions.known_device(request.cookies.get(DEVICE_COOKIE), name))
    problem, session = await run_in_threadpool(_check, context, name, password, sender)
    if session is None:
        status = {"login.wrong": 401, "login.blocked": 429}.get(problem, 503)
        return page(request, visitor, "login.html", status, problem=problem, next=inside(next), name=name)
    answer = RedirectResponse(inside(next), 303)
    set_session(answer, context, replace(visitor, session=session))
    answer.set_cookie(
        DEVICE_COOKIE,
        context.sessions.device(name),
        max_age=YEAR_SECONDS,
        path="/login",
        httponly=True,
        samesite="lax",
        secure=context.settings.secure_cookies,
    )
    return answer


@router.post("/logout")
async def logout(context: ContextOf, visitor: Annotated[Visitor, Depends(form_writer_of)]) -> Response:
    """End the session, here and for every copy of its cookie."""
    await run_in_threadpool(_end, context, visitor.session)
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


def _check(context: Context, name: str, password: str, sender: str) -> tuple[str, BrowserSession | None]:
    """Return what is wrong, and the new session where nothing is."""
    try:
        with place_in_line():
            with context.writing() as work:
                if not admit(work, name, sender):
                    return "login.blocked", None
            with context.store.reading() as work:
                user = work.query(User).filter(User.name == name).one_or_none()
            allowed = user if user is not None and user.disabled_at is None else None
            if not is_password(allowed.password_hash if allowed else "", password) or not allowed:
                return "login.wrong", None
    except TooManyAtOnce:
        return "login.busy", None
    session = context.sessions.logged_in(allowed.id, allowed.session_key)
    with context.writing() as work:
        forgive(work, name, sender)
        begin(work, session)
    return "", session


def _end(context: Context, session: BrowserSession) -> None:
    with context.writing() as work:
        end(work, session)
