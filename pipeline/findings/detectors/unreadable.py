"""What could not be read: whole documents, pages, parts."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.drafts import Finding, FindingKind
from pipeline.findings.detected import HARMLESS, Submitted, found
from rubric.language import Bilingual


def unreadable(submitted: Submitted) -> Iterator[Finding]:
    """Tell what could not be read, with the page where one is known."""
    for held in submitted.documents:
        reading = held.reading
        kind: FindingKind = "unreadable" if reading.read_by == "failed" else "partly_unreadable"
        problems = [problem for problem in reading.problems if problem.code not in HARMLESS]
        if reading.read_by == "failed" and not problems:
            nothing = Bilingual("อ่านเอกสารไม่ได้", "The document could not be read.")
            yield found(kind, nothing, reading.file, subject="unreadable", certainty="certain")
        for problem in problems:
            yield found(
                kind,
                problem.message,
                reading.file,
                page=problem.page,
                subject=problem.code,
                certainty="certain",
            )
