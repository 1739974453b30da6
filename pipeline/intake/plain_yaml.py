"""YAML as strings, lists and maps alone, under limits: what strangers write cannot become anything else.

A full YAML loader makes numbers of 6,000 digits, base-60 clocks, dates and objects, and an alias makes a page of text
into a tree without end. Here nothing is made but what was written; a tag is told and ignored, an alias is the value itself
and never copied.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from rubric.language import Bilingual

MOST_EVENTS = 20_000
DEEPEST = 20
MOST_ALIASES = 100
NOTHING = {"", "~", "null", "Null", "NULL"}
PLAIN_TAGS = {None, "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"}


class Unquoted(str):
    """A string that stood there without quotes: ``yes`` or ``12`` may have been meant as something else."""


class Malformed(Exception):
    """It cannot be read as a whole; ``why`` says why."""

    def __init__(self, why: Bilingual) -> None:
        super().__init__(why.en)
        self.why = why


@dataclass
class Loaded:
    """What was written, and what was passed over.

    Attributes:
        value: None, a string, a list or a map with strings as keys.
        passed_over: tags, keys that are no text, keys given twice.
    """

    value: Any = None
    passed_over: list[Bilingual] = field(default_factory=list)


def load(text: str) -> Loaded:
    """Read one YAML document.

    Raises:
        Malformed: wrong syntax, more than one document, or over a limit.
    """
    try:
        return _Reader(text).read()
    except Malformed:
        raise
    except (
        Exception
    ) as error:  # PyYAML raises also ValueError, OverflowError and IndexError on what is hostile
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise Malformed(
            Bilingual(f"ไวยากรณ์ผิดที่บรรทัด {line}", f"it is not valid YAML at line {line}")
        ) from error


class _Reader:
    def __init__(self, text: str) -> None:
        self._events = self._counted(yaml.parse(text, Loader=yaml.SafeLoader))
        self._anchors: dict[str, Any] = {}
        self._aliases = 0
        self._loaded = Loaded()

    def read(self) -> Loaded:
        documents = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _malformed(event, "มีเอกสาร YAML มากกว่าหนึ่งชุด", "it holds more than one document")
                self._loaded.value = self._value(next(self._events), 1)
        return self._loaded

    def _counted(self, events: Iterator[Event]) -> Iterator[Event]:
        for number, event in enumerate(events):
            if number > MOST_EVENTS:
                raise _malformed(event, "ยาวเกินไป", "it holds too much")
            yield event

    def _value(self, event: Event, depth: int) -> Any:
        if depth > DEEPEST:
            raise _malformed(event, "ซ้อนกันหลายชั้นเกินไป", "it is nested too deeply")
        if isinstance(event, AliasEvent):
            return self._alias(event)
        if not isinstance(event, ScalarEvent | CollectionStartEvent):
            raise _malformed(event, "ไวยากรณ์ผิด", "a value is missing")
        self._note_tag(event)
        value: Any
        if isinstance(event, ScalarEvent):
            value = _scalar(event)
        elif isinstance(event, SequenceStartEvent):
            value = []
            while not isinstance(inner := next(self._events), SequenceEndEvent):
                value.append(self._value(inner, depth + 1))
        else:
            value = self._map(depth)
        if event.anchor is not None:  # only now: a value that holds itself is none
            self._anchors[event.anchor] = value
        return value

    def _map(self, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        while not isinstance(at := next(self._events), MappingEndEvent):
            key = self._value(at, depth + 1)
            value = self._value(next(self._events), depth + 1)
            line = _line(at)
            if not isinstance(key, str):
                self._pass_over(f"คีย์ที่บรรทัด {line} ไม่ใช่ข้อความ", f"the key at line {line} is no text")
                continue
            if key in made:
                self._pass_over(
                    f"คีย์ {key[:40]} ซ้ำที่บรรทัด {line} ใช้ค่าหลังสุด",
                    f"the key {key[:40]} is there again at line {line}; the last one counts",
                )
            made[str(key)] = value
        return made

    def _alias(self, event: AliasEvent) -> Any:
        self._aliases += 1
        if self._aliases > MOST_ALIASES:
            raise _malformed(event, "มีการอ้างซ้ำ (alias) มากเกินไป", "it holds too many aliases")
        if event.anchor not in self._anchors:
            raise _malformed(event, "อ้างถึงสิ่งที่ไม่มี (alias)", "an alias names nothing that stands before it")
        return self._anchors[event.anchor]

    def _note_tag(self, event: ScalarEvent | CollectionStartEvent) -> None:
        if event.tag not in PLAIN_TAGS:
            line = _line(event)
            self._pass_over(
                f"ป้าย (tag) ที่บรรทัด {line} ไม่ใช้ในไฟล์นี้ จึงไม่ได้อ่านป้ายนั้น",
                f"a tag is not valid YAML for this file and was ignored at line {line}",
            )

    def _pass_over(self, thai: str, english: str) -> None:
        self._loaded.passed_over.append(Bilingual(thai, english))


def _scalar(event: ScalarEvent) -> str | None:
    text = "".join(
        "\ufffd" if letter not in "\n\t" and unicodedata.category(letter) in ("Cc", "Cs") else letter
        for letter in str(event.value)
    )
    if not event.implicit[0]:
        return text
    return None if text in NOTHING else Unquoted(text)


def _line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def _malformed(event: Event, thai: str, english: str) -> Malformed:
    line = _line(event)
    return Malformed(Bilingual(f"{thai} (บรรทัด {line})", f"{english} (not valid YAML at line {line})"))
