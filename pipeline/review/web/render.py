"""From data to HTML: the templates' environment, with the words, dates and Thai line breaks that every page needs."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from pipeline.review.people.sessions import COOKIE
from pipeline.review.web import dates
from pipeline.review.web.context import Context, context_of
from pipeline.review.web.row_text import cells
from pipeline.review.web.sight import sight_of
from pipeline.review.web.thai_breaks import breakable, name
from pipeline.review.web.visitors import Visitor
from rubric.language import Bilingual, Language

HERE = Path(__file__).parents[1]
TEMPLATES = HERE / "templates"
STATIC = HERE / "static"
VERSIONED = "v-"
"""Begins the part of an address that names the version of the static files."""


@cache
def environment() -> Environment:
    """Return the templates' environment: everything escaped, an unknown name is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["wbr"] = breakable
    made.filters["name"] = name
    made.filters["cells"] = cells
    made.filters["percent"] = lambda share: f"{100 * share:.0f}"
    made.filters["compact_json"] = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    made.globals["asset"] = asset
    return made


@cache
def asset(name: str) -> str:
    """Return the address of a static file; it changes with any static file, so that a browser may keep what it has for ever.

    The version stands in the path, not behind it: scripts that import each other by relative addresses, and fonts that
    styles name, are then asked for under the same version, and never mixed with those of an older release.
    """
    if not (STATIC / name).is_file():
        raise FileNotFoundError(name)
    return f"/static/{VERSIONED}{_version()}/{name}"


@cache
def _version() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in STATIC.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(STATIC).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def words(context: Context, language: Language) -> dict[str, Any]:
    """Return the functions by which a template speaks ``language``."""
    return {
        "certainty": lambda share: certainty(context, language, share),
        "t": lambda key, **values: context.texts.told(key, language, **values),
        "say": partial(_say, language),
        "day": lambda moment: dates.day(moment, language),
        "moment": lambda moment: dates.day_and_clock(moment, language),
        "clock": dates.clock,
        "year": lambda value: dates.fiscal_year(value, language),
        "day_choices": partial(dates.day_choices, language),
        "span": lambda seconds: dates.span(seconds, language),
        "lang": language,
    }


def certainty(context: Context, language: Language, share: float) -> str:
    """Return how sure a draft is as a percentage, which is never all or nothing: no model may claim that."""
    percent = round(100 * share)
    key = "most" if percent >= 100 else "least" if percent <= 0 else "percent"
    return context.texts.told(f"sure.{key}", language, **({"percent": percent} if key == "percent" else {}))


def fragment(context: Context, visitor: Visitor, template: str, **values: Any) -> str:
    """Return a piece of a page."""
    return (
        environment()
        .get_template(template)
        .render(
            **words(context, visitor.language),
            person=visitor.person,
            csrf=context.sessions.token(visitor.session),
            context=context,
            **values,
        )
    )


def page(request: Request, visitor: Visitor, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a whole page; renews the session's cookie where it is due."""
    context = context_of(request)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    sight = sight_of(request, visitor.person)
    answer = HTMLResponse(fragment(context, visitor, template, here=here, sight=sight, **values), status)
    if visitor.fresh:
        set_session(answer, context, visitor)
    return answer


def set_session(answer: Response, context: Context, visitor: Visitor) -> None:
    """Send the session's cookie."""
    answer.set_cookie(
        COOKIE,
        context.sessions.cookie(visitor.session),
        max_age=context.sessions.seconds,
        httponly=True,
        samesite="lax",
        secure=context.settings.secure_cookies,
    )


def _say(language: Language, text: Bilingual | dict[str, str] | None) -> str:
    """Return a text that exists in both languages in the one that is spoken."""
    if text is None:
        return ""
    return text.told(language) if isinstance(text, Bilingual) else text.get(language, "")


def as_utc(seconds: int) -> dt.datetime:
    """Return a moment given in seconds since the epoch."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
