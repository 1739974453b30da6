"""Quoted text with its keywords marked: always escaped, so that a document cannot speak to the browser."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

Span = tuple[int, int, str]
"""Start, end and a class name for the mark."""


def marked(text: str, spans: Iterable[Span]) -> Markup:
    """Return ``text`` escaped, with ``<mark>`` round the spans; of overlapping ones the first and longest is kept.

    >>> str(marked("ผล <ITA> ดี", [(4, 7, "word")]))
    'ผล &lt;<mark class="word">ITA</mark>&gt; ดี'
    """
    out, at = Markup(""), 0
    for start, end, name in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start < at or end <= start or end > len(text):
            continue
        out += escape(text[at:start])
        out += Markup('<mark class="{}">{}</mark>').format(name, text[start:end])
        at = end
    return out + escape(text[at:])


def keyword_spans(keywords: Sequence[dict[str, object]], point: int) -> list[Span]:
    """Return where the terms of ``point`` and the cues stand in an evidence's text."""
    spans: list[Span] = []
    for keyword in keywords:
        start, end = keyword.get("start"), keyword.get("end")
        if not isinstance(start, int) or not isinstance(end, int):
            continue
        if keyword.get("point") == point:
            spans.append((start, end, "term"))
        elif keyword.get("cue"):
            spans.append((start, end, "cue"))
    return spans
