"""Submissions whose truth is known, and how evidence of a draft is matched to them.

Evidence is matched by shared character 5-grams of the text without white space and punctuation, so that small reading
errors do not hide a match; an item over three times as long as the block it meets is no match (a page is no passage).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.labelled import Label, LabelledOffice, PointState
from models.passages import ROLES
from rubric.exceptions import CorpusError
from rubric.language import Bilingual

_GRAM = 5
_LEAST_SHARE = 0.5
_OTHER_SIGNS = re.compile(r"[^0-9A-Za-z\u0e00-\u0e7f]")


@dataclass(frozen=True, slots=True)
class GoldBlock:
    """A labelled block of the truth."""

    text: str
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class GoldSubmission:
    """The truth about one submission."""

    id: str
    blocks: tuple[GoldBlock, ...]
    points: Mapping[int, PointState]
    score: int


def load_gold(folder: Path) -> list[GoldSubmission]:
    """Load ``<folder>/<id>/gold.json`` of every submission, or labelled offices' truth where it is given so.

    Raises:
        CorpusError: there is none, or one is malformed.
    """
    paths = sorted(folder.glob("*/gold.json")) if folder.is_dir() else []
    if not paths:
        raise CorpusError(
            Bilingual(f"ไม่พบ gold.json ใน {folder.name}", f"There is no gold.json under {folder.name}."),
            Bilingual("โฟลเดอร์ต้องมี <รหัส>/gold.json", "The folder must hold <id>/gold.json."),
        )
    return [_submission(path) for path in paths]


def _submission(path: Path) -> GoldSubmission:
    try:
        gold: dict[str, Any] = json.loads(path.read_text("utf-8"))
        about = gold if "points" in gold else gold["meta"]
        points = {int(n): PointState(bool(p["done"]), bool(p["clear"])) for n, p in about["points"].items()}
        blocks = tuple(GoldBlock(str(b["text"]), tuple(map(_label, b["labels"]))) for b in gold["blocks"])
        return GoldSubmission(path.parent.name, blocks, points, int(about["score"]))
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise CorpusError(
            Bilingual(
                f"แฟ้ม {path.parent.name}/gold.json ผิดรูปแบบ",
                f"{path.parent.name}/gold.json is malformed: {fault!r}.",
            ),
            Bilingual("ดูรูปแบบใน docs/evaluation.md", "See the format in docs/evaluation.md."),
        ) from None


def _label(said: Mapping[str, Any]) -> Label:
    role = next(role for role in ROLES if role == said["role"])
    return Label(int(said["point"]), role, tuple(said.get("facets") or ()), bool(said.get("detail")))


def gold_of(office: LabelledOffice) -> GoldSubmission:
    """The truth that a labelled office carries."""
    blocks = tuple(GoldBlock(row.passage.text, row.labels) for row in office.rows if row.labels)
    return GoldSubmission(office.id, blocks, office.points, office.score)


@dataclass(frozen=True, slots=True)
class Grams:
    """The character 5-grams of a text, and how many there are."""

    counts: Counter[str]
    size: int


@lru_cache(maxsize=20_000)
def grams_of(text: str) -> Grams:
    """Character 5-grams of ``text`` in comparing form."""
    plain = unicodedata.normalize("NFC", text).replace("\u0e4d\u0e32", "\u0e33")
    plain = _OTHER_SIGNS.sub("", plain)
    size = max(1, len(plain) - _GRAM + 1)
    return Grams(Counter(plain[i : i + _GRAM] for i in range(size)), size)


def shared(one: Grams, other: Grams) -> float:
    """Share of the smaller one's grams that the other holds; 0 where one is over three times as long."""
    small, large = (one, other) if one.size <= other.size else (other, one)
    if large.size > 3 * small.size + 10:
        return 0.0
    common = sum(min(count, large.counts.get(gram, 0)) for gram, count in small.counts.items())
    return common / small.size


def best_match(grams: Grams, among: Sequence[Grams]) -> int | None:
    """Index of the best match among ``among``, None where none shares half of its grams."""
    best, place = 0.0, None
    for index, other in enumerate(among):
        if grams is other:
            return index
        share = shared(grams, other)
        if share > best:
            best, place = share, index
    return place if best >= _LEAST_SHARE else None
