"""The manuals, read on the page, and the three hints of somebody's first visit."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from markdown_it import MarkdownIt
from markupsafe import Markup

from pipeline.review.web.render import page
from pipeline.review.web.visitors import ContextOf, Member, Visitor, form_writer_of
from pipeline.store.tables import User

router = APIRouter(include_in_schema=False)
Reader = Literal["reviewer", "officer"]
HINTS_SEEN = "hints_seen"
"""Preference of a person who has put the hints away."""


@router.get("/help/{who}")
def manual(request: Request, visitor: Member, who: Reader) -> Response:
    """Show a manual."""
    assert visitor.known
    return page(request, visitor, "manual.html", who=who, text=_html_of(who))


@router.post("/hints")
def put_hints_away(context: ContextOf, visitor: Annotated[Visitor, Depends(form_writer_of)]) -> Response:
    """Never show the hints to this person again."""
    with context.writing() as work:
        user = work.get_one(User, visitor.known.id)
        user.preferences = {**user.preferences, HINTS_SEEN: True}
    return RedirectResponse("/", 303)


@cache
def _html_of(who: Reader) -> Markup:
    """Return a manual as HTML, without its pictures: who reads it here has the page itself in sight."""
    source = (files("pipeline.review.manuals") / f"manual-{who}.md").read_text("utf-8")
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    lines = [line for line in source.splitlines() if not line.startswith("![")]
    return Markup(reader.render("\n".join(lines)))
