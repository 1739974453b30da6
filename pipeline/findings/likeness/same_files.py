"""The same file in two submissions: by its bytes. What many offices attach (a circular, a law) is told nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.passages import DocumentKind
from pipeline.drafts import Finding, OtherPassage
from pipeline.findings.detected import found
from pipeline.findings.likeness.shared_text import FEWEST_NATIONAL, NATIONAL_SHARE
from rubric.language import Bilingual


@dataclass(frozen=True, slots=True)
class Sent:
    """A document as somebody handed it in. ``passages``: how many longer passages it has."""

    submission: str
    office: str
    fiscal_year: int | None
    file: str
    kind: DocumentKind
    sha256: str
    passages: int


def same_files_between(sent: Iterable[Sent]) -> Mapping[str, list[Finding]]:
    """Return for every submission which of its files another office, or its own office in an earlier year, handed in."""
    by_content: dict[str, list[Sent]] = defaultdict(list)
    offices = set()
    for one in sent:
        offices.add(one.office)
        if one.passages:  # a cover or a picture alone says nothing
            by_content[one.sha256].append(one)
    many = max(FEWEST_NATIONAL, int(NATIONAL_SHARE * len(offices)) + 1)
    findings: dict[str, list[Finding]] = defaultdict(list)
    for _, holders in sorted(by_content.items()):
        if len({one.office for one in holders}) >= many:
            continue
        for one in holders:
            other = next((two for two in holders if _tells(one, two)), None)
            if other is not None:
                findings[one.submission].append(_told(one, other))
    return findings


def _tells(one: Sent, other: Sent) -> bool:
    if one.office != other.office:
        return True
    # an office's own file of an earlier year, in the later one; within a year it may well be handed in again
    return bool(one.fiscal_year and other.fiscal_year and other.fiscal_year < one.fiscal_year)


def _told(one: Sent, other: Sent) -> Finding:
    own = one.office == other.office
    whose = f"ของปีก่อนของเขตเอง ({other.submission})" if own else f"ของ {other.submission}"
    whose_en = (
        f"the office's own of an earlier year ({other.submission})" if own else f"one of {other.submission}"
    )
    return found(
        "same_file",
        Bilingual(
            f"ไฟล์นี้เป็นไฟล์เดียวกับ{whose} ชื่อ {other.file} โปรดตรวจสอบว่าเป็นเอกสารของเขตนี้ในปีนี้",
            f"This file is the same as {whose_en}, {other.file}. Please check that it is this office's of this year.",
        ),
        one.file,
        subject=f"{other.submission}/{other.file}",
        certainty="likely" if one.kind != "other" else "possible",
        other=OtherPassage(submission=other.submission, document=other.file),
    )
