"""How a person sees the pages: light or dark, and how large; known before the first line is drawn, so that nothing flashes.

Kept with the person, so that it follows them, and on the browser, so that the log-in page knows it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from fastapi import Request
from fastapi.responses import Response

from pipeline.review.people.users import Person

Theme = Literal["system", "light", "dark"]
Size = Literal["normal", "large", "largest"]
THEMES: tuple[Theme, ...] = get_args(Theme)
SIZES: tuple[Size, ...] = get_args(Size)
COOKIES = {"theme": "khetcheck_theme", "size": "khetcheck_size"}
YEAR_SECONDS = 31_536_000


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody chose; ``system`` is as their computer is set."""

    theme: Theme = "system"
    size: Size = "normal"


def sight_of(request: Request, person: Person | None) -> Sight:
    """Return how the sender of a request sees the pages: as they chose, else as this browser was set last."""
    kept = person.preferences if person is not None else {}
    browser = {name: request.cookies.get(cookie) for name, cookie in COOKIES.items()}
    return sight_from({name: kept.get(name) or browser[name] for name in COOKIES})


def sight_from(values: Mapping[str, object]) -> Sight:
    """Return what is chosen; what is no choice is left as it comes."""
    theme, size = values.get("theme"), values.get("size")
    return Sight(
        next((one for one in THEMES if one == theme), "system"),
        next((one for one in SIZES if one == size), "normal"),
    )


def keep_on_browser(answer: Response, sight: Sight, *, secure: bool) -> None:
    """Have the browser keep the choice."""
    for name, cookie in COOKIES.items():
        answer.set_cookie(
            cookie, getattr(sight, name), max_age=YEAR_SECONDS, httponly=True, samesite="lax", secure=secure
        )
