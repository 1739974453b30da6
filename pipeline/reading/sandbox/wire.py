"""The pipe between parent and child: one line per message, checked on arrival, since the child is not trusted.

A line is ``<verb> <number> <number> <json>`` and ends with a line feed::

    open 0 12            the file has 12 pages
    page 3 12 {…}        page 3 of 12 is read; its content goes unparsed into the spool
    done 0 0 {…}         the whole reading
    fail 0 0 {…}         a code of ``outcomes`` and what belongs to it
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from pipeline.blocks import Block, HiddenText, ReadBy

Verb = Literal["open", "page", "done", "fail"]
VERBS = ("open", "page", "done", "fail")
# What no store and no XML may hold: control characters except tab and line feed, lone surrogates, non-characters.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\ud800-\udfff\ufffe\uffff]")


class WireError(Exception):
    """The child sent what it never sends: it is treated as crashed."""


@dataclass(frozen=True, slots=True)
class Note:
    """A problem as the child tells it: a code, and codes, numbers and names that belong to it; ``outcomes`` has the words."""

    code: str
    page: int | None = None
    details: dict[str, str | int] | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A document taken out of an archive or another document.

    Attributes:
        name: for people.
        file: its file's name in the output directory.
        depth: number of archives and documents it stood in.
    """

    name: str
    file: str
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Result:
    """All that a child hands over at its end."""

    blocks: tuple[Block, ...] = ()
    notes: tuple[Note, ...] = ()
    pages: int | None = None
    page_sizes: tuple[tuple[float, float], ...] = ()
    page_read_by: tuple[ReadBy, ...] = ()
    links: tuple[str, ...] = ()
    hidden: tuple[HiddenText, ...] = ()
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One line of the pipe, its JSON still unparsed."""

    verb: Verb
    number: int
    of: int
    body: bytes


_RESULT = TypeAdapter(Result)
_NOTE = TypeAdapter(Note)
T = TypeVar("T")


def clean(text: str) -> str:
    """Drop the characters that no store can hold (control characters, lone surrogates)."""
    return UNPRINTABLE.sub("", text)


def message(verb: Verb, number: int = 0, of: int = 0, content: Result | Note | str | None = None) -> bytes:
    """Return one line for the pipe."""
    if content is None:
        body = b""
    elif isinstance(content, str):
        body = content.encode("utf-8", "replace")
    else:
        body = _RESULT.dump_json(content) if isinstance(content, Result) else _NOTE.dump_json(content)
    return b"%s %d %d %s\n" % (verb.encode(), number, of, body)


def parsed(line: bytes) -> Message:
    """Take a line of the pipe apart.

    Raises:
        WireError: it is not such a line.
    """
    parts = line.rstrip(b"\n").split(b" ", 3)
    verb = parts[0].decode("ascii", "replace")
    if len(parts) != 4 or verb not in VERBS or not (parts[1].isdigit() and parts[2].isdigit()):
        raise WireError(line[:80])
    return Message(cast(Verb, verb), int(parts[1][:9]), int(parts[2][:9]), parts[3])


def result_of(body: bytes) -> Result:
    """Return the result in ``body``, every field checked; :class:`WireError` where it is none."""
    return _checked(_RESULT, body)


def note_of(body: bytes) -> Note:
    """Return the note in ``body``; :class:`WireError` where it is none."""
    return _checked(_NOTE, body)


def _checked(adapter: TypeAdapter[T], body: bytes) -> T:
    try:
        return adapter.validate_json(body)
    except ValidationError as problem:
        raise WireError(str(problem)[:200]) from None
