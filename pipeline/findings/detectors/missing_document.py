"""A required kind of document was not sent; one that was sent and could not be read is another finding."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.drafts import Finding
from pipeline.findings.detected import Submitted, found
from rubric.language import Bilingual


def missing_documents(submitted: Submitted) -> Iterator[Finding]:
    """Name each required kind of document that was not sent."""
    sent = {held.kind for held in submitted.documents}
    for required in submitted.rubric.required_documents:
        if required.required and required.kind not in sent:
            yield found(
                "missing_document",
                Bilingual(f"ไม่พบ{required.title.th}ในเอกสารที่ส่งมา", f"No {required.title.en} was submitted."),
                subject=required.kind,
                certainty="certain",
            )
