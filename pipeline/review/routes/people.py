"""Giving cases to readers, choosing the shares, and what each person sets for themselves: keys and language."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from pipeline.review.cases.assignments import assign
from pipeline.review.cases.case import submission_of
from pipeline.review.cases.reader_role import Reading
from pipeline.review.cases.shares import Shares, set_shares, shares_of
from pipeline.review.decisions.act_values import Identifier, bad_act
from pipeline.review.people.users import all_users
from pipeline.review.queue.page import next_free
from pipeline.review.web.keys import DEFAULTS, PREFERENCE, is_key, keys_of, shown, single_keys_on
from pipeline.review.web.render import page
from pipeline.review.web.visitors import ContextOf, Member, Visitor, demand, form_writer_of
from pipeline.store.tables import User
from rubric.exceptions import UserError

router = APIRouter(include_in_schema=False)
Writing = Annotated[Visitor, Depends(form_writer_of)]
MOST_AT_ONCE = 500


@router.post("/assignments")
def assign_cases(
    request: Request,
    context: ContextOf,
    visitor: Writing,
    reader: Annotated[int, Form(ge=1, le=2**31 - 1)],
    kind: Annotated[Reading, Form()] = "first",
    submission: Annotated[list[Identifier] | None, Form()] = None,
    next_best: Annotated[int, Form(ge=0, le=MOST_AT_ONCE)] = 0,
) -> Response:
    """Give the chosen cases, or the next best free ones, to a reader; those that cannot be given are left as they are."""
    demand(visitor.known, "lead")
    with context.writing() as work:
        if work.get(User, reader) is None:
            raise bad_act("ไม่มีผู้ตรวจคนนี้", "There is no such reader.")
        chosen = list(submission or [])[:MOST_AT_ONCE] or next_free(work, next_best)
        for identity in chosen:
            _assign(work, identity, reader, kind, visitor.known.id)
    return RedirectResponse("/?whose=all", 303)


@router.post("/shares")
def choose_shares(
    context: ContextOf,
    visitor: Writing,
    blind: Annotated[float, Form(ge=0, le=100, allow_inf_nan=False)],
    double: Annotated[float, Form(ge=0, le=100, allow_inf_nan=False)],
) -> Response:
    """Choose how many in a hundred cases are read blind and by two."""
    demand(visitor.known, "lead")
    with context.writing() as work:
        seed = shares_of(work).seed
        set_shares(work, Shares(blind / 100, double / 100, seed), visitor.known.id)
    return RedirectResponse("/agreement", 303)


@router.get("/preferences")
def preferences_page(request: Request, context: ContextOf, visitor: Member, saved: bool = False) -> Response:
    """Show the keys, to be moved or turned off; administrators also see who may log in."""
    person = visitor.known
    users: list[User] = []
    if person.is_at_least("admin"):
        with context.store.reading() as work:
            users = all_users(work)
    keys = keys_of(person.preferences)
    return page(
        request,
        visitor,
        "preferences.html",
        keys={act: (code, shown(code)) for act, code in keys.items()},
        key_list=DEFAULTS,
        single_keys=single_keys_on(person.preferences),
        saved=saved,
        users=users,
    )


@router.post("/preferences")
async def keep_preferences(request: Request, context: ContextOf, visitor: Writing) -> Response:
    """Keep the keys; two acts on one key are refused, since one of them could never be reached."""
    person = visitor.known
    form = await request.form()
    if "reset" in form:
        own: dict[str, str] = {}
    else:
        given = {key.act: str(form.get(key.act, key.code)) for key in DEFAULTS}
        own = {act: code for act, code in given.items() if is_key(code)}
        if len(own) < len(given) or len(set(own.values())) < len(own):
            raise bad_act("ปุ่มซ้ำกันหรือใช้ไม่ได้", "Two acts share a key, or a key cannot be used.")
    with context.writing() as work:
        user = work.get_one(User, person.id)
        single = "single_keys" in form or "reset" in form
        user.preferences = {**user.preferences, PREFERENCE: own, "single_keys": single}
    return RedirectResponse("/preferences?saved=1", 303)


def _assign(work: Session, identity: int, reader: int, kind: Reading, by: int) -> None:
    try:
        assign(work, submission_of(work, identity), reader, kind, by)
    except UserError:  # has a reader at work, or this very reader: nothing to do
        return
