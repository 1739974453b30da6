"""Who may log in: adding people, roles, shutting out, new passwords; for administrators."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from pipeline.review.people.managing import add_person, change_role, give_new_password, shut_out
from pipeline.review.people.passwords import TooManyAtOnce, place_in_line
from pipeline.review.people.users import ROLES, Role, all_users
from pipeline.review.web.context import Context
from pipeline.review.web.render import page
from pipeline.review.web.visitors import ContextOf, Member, Visitor, demand, form_writer_of
from rubric.exceptions import KhetcheckError, StoreUnavailable
from rubric.language import Bilingual

router = APIRouter(include_in_schema=False)
Writing = Annotated[Visitor, Depends(form_writer_of)]
LoginName = Annotated[str, Form(max_length=100)]


@router.get("/people")
def people_page(request: Request, context: ContextOf, visitor: Member, done: bool = False) -> Response:
    """List the users."""
    demand(visitor.known, "admin")
    return _people(request, context, visitor, done=done)


@router.post("/people")
async def add_one(
    request: Request,
    context: ContextOf,
    visitor: Writing,
    name: LoginName = "",
    shown: Annotated[str, Form(max_length=100)] = "",
    role: Annotated[Role, Form()] = "reviewer",
) -> Response:
    """Add a user; the answer shows the first password, and nothing ever shows it again."""
    demand(visitor.known, "admin")

    def add() -> tuple[str, str]:
        with place_in_line(), context.writing() as work:
            user, password = add_person(work, name, shown, role)
            return user.name, password

    asked = {"name": name, "shown": shown, "role": role}
    return await run_in_threadpool(_with_password, request, context, visitor, add, asked)


@router.post("/people/{name}/password")
async def reset_password(request: Request, context: ContextOf, visitor: Writing, name: str) -> Response:
    """Give a user a new first password, shown once."""
    demand(visitor.known, "admin")

    def give() -> tuple[str, str]:
        with place_in_line(), context.writing() as work:
            return name, give_new_password(work, name)

    return await run_in_threadpool(_with_password, request, context, visitor, give, {})


@router.post("/people/{name}/role")
def give_role(
    request: Request, context: ContextOf, visitor: Writing, name: str, role: Annotated[Role, Form()]
) -> Response:
    """Give a user another role."""
    demand(visitor.known, "admin")
    try:
        with context.writing() as work:
            change_role(work, visitor.known, name, role)
    except KhetcheckError as error:
        return _refused(request, context, visitor, error)
    return RedirectResponse("/people?done=1", 303)


@router.post("/people/{name}/access")
def give_access(
    request: Request, context: ContextOf, visitor: Writing, name: str, out: Annotated[bool, Form()]
) -> Response:
    """Shut a user out, or let them in again."""
    demand(visitor.known, "admin")
    try:
        with context.writing() as work:
            shut_out(work, visitor.known, name, out=out)
    except KhetcheckError as error:
        return _refused(request, context, visitor, error)
    return RedirectResponse("/people?done=1", 303)


def _with_password(
    request: Request, context: Context, visitor: Visitor, deed: Any, asked: dict[str, str]
) -> Response:
    try:
        name, password = deed()
    except TooManyAtOnce:
        return _people(request, context, visitor, 503, problem=context.texts.both("login.busy"), asked=asked)
    except KhetcheckError as error:
        return _refused(request, context, visitor, error, asked)
    return _people(request, context, visitor, made=(name, password))


def _refused(
    request: Request,
    context: Context,
    visitor: Visitor,
    error: KhetcheckError,
    asked: dict[str, str] | None = None,
) -> Response:
    """Say why on the same page, with what was typed."""
    if isinstance(error, StoreUnavailable):
        raise error
    problem = Bilingual(error.told("th"), error.told("en"))
    return _people(request, context, visitor, 422, problem=problem, asked=asked or {})


def _people(
    request: Request, context: Context, visitor: Visitor, status: int = 200, **told: object
) -> Response:
    with context.store.reading() as work:
        users = all_users(work)
    values = {"done": False, "made": None, "problem": None, "asked": {}, **told}
    return page(request, visitor, "people.html", status, users=users, roles=ROLES, **values)
