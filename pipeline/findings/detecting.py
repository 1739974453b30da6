"""All detectors of one submission, in the order in which a reviewer reads what they find."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.drafts import Finding
from pipeline.findings.detected import Detector, Held, Submitted
from pipeline.findings.detectors.foreign_document import foreign_documents
from pipeline.findings.detectors.hidden_text import hidden_text
from pipeline.findings.detectors.linked_evidence import linked_evidence
from pipeline.findings.detectors.lookalike_letters import lookalike_letters
from pipeline.findings.detectors.missing_document import missing_documents
from pipeline.findings.detectors.not_read import not_read
from pipeline.findings.detectors.numbers_disagree import numbers_disagree
from pipeline.findings.detectors.other_office import other_offices
from pipeline.findings.detectors.promised_absent import promised_absent
from pipeline.findings.detectors.same_file import same_files
from pipeline.findings.detectors.submission_file import submission_file
from pipeline.findings.detectors.unreadable import unreadable
from pipeline.findings.detectors.wrong_year import wrong_years
from rubric import Rubric
from rubric.language import Bilingual

DETECTORS: tuple[Detector, ...] = (
    submission_file,
    missing_documents,
    unreadable,
    wrong_years,
    other_offices,
    foreign_documents,
    same_files,
    hidden_text,
    lookalike_letters,
    promised_absent,
    numbers_disagree,
    linked_evidence,
    not_read,
)


def find_all(
    documents: Sequence[Held],
    rubric: Rubric,
    office: str,
    fiscal_year: int | None,
    mistakes: Iterable[Bilingual],
    not_taken: Iterable[Bilingual] = (),
    months: int | None = None,
) -> list[Finding]:
    """Return all findings of one submission, kind by kind."""
    submitted = Submitted(documents, rubric, office, fiscal_year, months, tuple(mistakes), tuple(not_taken))
    return [finding for detector in DETECTORS for finding in detector(submitted)]
