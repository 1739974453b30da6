"""Mistakes in ``submission.yaml``; they stop nothing."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.drafts import Finding
from pipeline.findings.detected import Submitted, found


def submission_file(submitted: Submitted) -> Iterator[Finding]:
    """Tell each mistake."""
    for mistake in submitted.mistakes:
        yield found("submission_file", mistake, certainty="certain")
