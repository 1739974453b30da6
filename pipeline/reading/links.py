"""Finds the addresses and videos that a document names: evidence that lies elsewhere and was not read.

Nothing is ever fetched. A reviewer gets the list, so that such evidence is not dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.blocks import Block

MOST = 500
LONGEST = 2000
SCHEMES = ("http://", "https://", "ftp://")
ADDRESS = re.compile(
    r"(?i)(?<![\w@.])(?:(?:https?|ftp)://|www\.|(?:youtu\.be|youtube\.com|drive\.google\.com|docs\.google\.com"
    r"|sites\.google\.com|forms\.gle|goo\.gl|bit\.ly|facebook\.com|fb\.watch|tiktok\.com|line\.me|canva\.com)/)"
    r"[!-~]+"
)
"""Letters of ASCII only: Thai text often follows an address without a blank."""
TRAILING = ".,;:!?'\"”’)]}>|"
OPENINGS = {")": "(", "]": "[", "}": "{", ">": "<"}


def find_links(texts: Iterable[str]) -> list[str]:
    """Return the addresses written out in ``texts``, in order, each once.

    >>> find_links(["ดูที่ https://www.obec.go.th/x). และ youtu.be/abc123"])
    ['https://www.obec.go.th/x', 'youtu.be/abc123']
    """
    found = (_trimmed(match[0]) for text in texts for match in ADDRESS.finditer(text))
    return list(dict.fromkeys(found))


def all_links(named: Iterable[str], blocks: Iterable[Block]) -> tuple[str, ...]:
    """Return the addresses behind links (``named``) and those written out in ``blocks``, each once, at most 500.

    Addresses that differ only in scheme or a slash at the end count as one; mail addresses and jumps within the
    document are left out.
    """
    kept: dict[str, str] = {}
    for link in [*(link for link in named if _leads_out(link)), *find_links(block.text for block in blocks)]:
        kept.setdefault(_key(link), link[:LONGEST])
    return tuple(kept.values())[:MOST]


def _leads_out(link: str) -> bool:
    return link.lower().startswith((*SCHEMES, "www."))


def _key(link: str) -> str:
    return re.sub(r"(?i)^(?:https?://)?(?:www\.)?", "", link).rstrip("/").lower()


def _trimmed(link: str) -> str:
    """Take off what belongs to the sentence; a closing bracket stays where the address itself opened it."""
    while link and link[-1] in TRAILING:
        opening = OPENINGS.get(link[-1])
        if opening and link.count(opening) >= link.count(link[-1]):
            break
        link = link[:-1]
    return link
