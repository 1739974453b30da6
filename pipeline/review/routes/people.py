"""Giving cases to readers, choosing the shares, and what each person sets for themselves: keys, looks, password."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from pipeline.review.cases.passages import ORDER_PREFERENCE, PassageOrder, order_of
from pipeline.review.cases.reader_role import Reading
from pipeline.review.cases.shares import Shares, set_shares, shares_of
from pipeline.review.decisions.act_values import Identifier, Strict, bad_act
from pipeline.review.people.managing import change_own_password
from pipeline.review.people.passwords import LONGEST, SHORTEST, TooManyAtOnce, is_password, place_in_line
from pipeline.review.people.sessions import BrowserSession, begin
from pipeline.review.people.throttle import admit, forgive, sender_of
from pipeline.review.people.users import Person
from pipeline.review.queue.assigning import MOST_AT_ONCE, give_cases
from pipeline.review.queue.page import all_found, next_free
from pipeline.review.queue.selection import filter_of
from pipeline.review.web.context import Context
from pipeline.review.web.dates import BANGKOK
from pipeline.review.web.keys import DEFAULTS, PREFERENCE, is_key, keycap, keycaps, keys_of, single_keys_on
from pipeline.review.web.render import page, set_session
from pipeline.review.web.sight import SIZES, THEMES, Sight, Size, Theme, keep_on_browser
from pipeline.review.web.visitors import ChosenDay, ContextOf, Member, Visitor, Writer, demand, form_writer_of
from pipeline.store.tables import User
from rubric.exceptions import AccessError
from rubric.language import Bilingual

router = APIRouter(include_in_schema=False)
Writing = Annotated[Visitor, Depends(form_writer_of)]
SAVED = ("settings", "password")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a password was not changed, and the field that it is about: there the reason stands."""

    field: Literal["old", "new", "again"]
    why: Bilingual


@router.post("/assignments")
def assign_cases(
    request: Request,
    context: ContextOf,
    visitor: Writing,
    due: ChosenDay,
    reader: Annotated[int, Form(ge=1, le=2**31 - 1)],
    kind: Annotated[Reading, Form()] = "first",
    submission: Annotated[list[Identifier] | None, Form()] = None,
    next_best: Annotated[int, Form(ge=0, le=MOST_AT_ONCE)] = 0,
    which: Annotated[Literal["chosen", "found", "next", "free"] | None, Form()] = None,
    back: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Give the chosen cases, all that were found, or free ones (all, or the next best) to a reader, and tell how many.

    Those that cannot be given are left as they are. ``back`` is the list's query, by which all that were found are known.
    """
    demand(visitor.known, "lead")
    found = dict(parse_qsl(back))
    with context.writing() as work:
        person = work.get(User, reader)
        if person is None:
            raise bad_act("ไม่มีผู้ตรวจคนนี้", "There is no such reader.")
        if which == "found":
            chosen = all_found(work, visitor.known, filter_of(found))
        elif which == "free":
            chosen = next_free(work, MOST_AT_ONCE)
        elif which == "next" or (which is None and not submission):
            chosen = next_free(work, next_best)
        else:
            chosen = list(submission or [])
        told = give_cases(work, chosen, reader, kind, visitor.known.id, due)
        name = person.display_name or person.name
    word: dict[str, object] = {"given": told.given, "kept": told.kept, "to": name}
    if due is not None:
        word["due"] = due.astimezone(BANGKOK).date().isoformat()
    return RedirectResponse(f"/?{urlencode({**found, **word})}", 303)


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
def preferences_page(
    request: Request, visitor: Member, saved: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """Show what each person sets for themselves: looks, keys, password; ``saved`` tells which of them was just kept."""
    return _preferences(request, visitor, saved=saved if saved in SAVED else "")


@router.post("/preferences/password")
async def choose_password(
    request: Request,
    context: ContextOf,
    visitor: Writing,
    old: Annotated[str, Form(max_length=1000)] = "",
    new: Annotated[str, Form(max_length=1000)] = "",
    again: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Give the visitor the password that they chose; their other sessions end.

    The old one is asked for and counted as a log-in is, since an open page must not be a way to guess it.
    """
    person = visitor.known
    address = request.client.host if request.client else ""
    sender = sender_of(address, None)

    def change() -> BrowserSession | Refusal:
        return _change_password(context, person, sender, old, new, again)

    done = await run_in_threadpool(change)
    if isinstance(done, Refusal):
        return _preferences(request, visitor, 422, refusal=done)
    answer = RedirectResponse("/preferences?saved=password", 303)
    set_session(answer, context, replace(visitor, session=done))
    return answer


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
    return RedirectResponse("/preferences?saved=settings", 303)


class OrderChosen(Strict):
    """The order of passages, as the case page sends it."""

    order: PassageOrder


@router.post("/preferences/order")
def keep_order_of_passages(context: ContextOf, visitor: Writer, chosen: OrderChosen) -> Response:
    """Keep in which order passages are shown."""
    with context.writing() as work:
        user = work.get_one(User, visitor.known.id)
        user.preferences = {**user.preferences, ORDER_PREFERENCE: chosen.order}
    return Response(status_code=204)


@router.post("/preferences/sight")
def keep_sight(
    context: ContextOf,
    visitor: Writing,
    theme: Annotated[Theme, Form()],
    size: Annotated[Size, Form()],
    passages: Annotated[PassageOrder, Form()],
) -> Response:
    """Keep how the pages look to a person, on every browser that they use."""
    with context.writing() as work:
        user = work.get_one(User, visitor.known.id)
        user.preferences = {**user.preferences, "theme": theme, "size": size, ORDER_PREFERENCE: passages}
    answer = RedirectResponse("/preferences?saved=settings", 303)
    keep_on_browser(answer, Sight(theme, size), secure=context.settings.secure_cookies)
    return answer


def _change_password(
    context: Context, person: Person, sender: str, old: str, new: str, again: str
) -> BrowserSession | Refusal:
    """Return the session to go on with, or what is wrong."""
    try:
        with place_in_line():
            with context.writing() as work:
                if not admit(work, person.name, sender):
                    return Refusal("old", context.texts.both("login.blocked"))
            with context.store.reading() as work:
                password_hash = work.get_one(User, person.id).password_hash
            if not is_password(password_hash, old):
                return Refusal("old", context.texts.both("prefs.password_wrong"))
            with context.writing() as work:
                user = change_own_password(work, person, new, again)
                session = context.sessions.logged_in(user.id, user.session_key)
                begin(work, session)
                forgive(work, person.name, sender)
    except TooManyAtOnce:
        return Refusal("old", context.texts.both("login.busy"))
    except AccessError as error:
        return Refusal("again" if new != again else "new", Bilingual(error.told("th"), error.told("en")))
    return session


def _preferences(
    request: Request,
    visitor: Visitor,
    status: int = 200,
    *,
    saved: str = "",
    refusal: Refusal | None = None,
) -> Response:
    person = visitor.known
    keys = keys_of(person.preferences)
    return page(
        request,
        visitor,
        "preferences.html",
        status,
        keys={act: (code, " ".join(filter(None, keycap(code)))) for act, code in keys.items()},
        keycaps=keycaps(),
        key_list=DEFAULTS,
        single_keys=single_keys_on(person.preferences),
        passage_order=order_of(person.preferences),
        themes=THEMES,
        sizes=SIZES,
        saved=saved,
        refusal=refusal,
        shortest=SHORTEST,
        longest=LONGEST,
    )
