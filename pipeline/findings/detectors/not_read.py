"""Links and videos that a document names: nobody followed them, and nobody should think so."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.drafts import Finding
from pipeline.findings.detected import Submitted, found
from pipeline.intake.names import safe_name
from rubric.language import Bilingual

MOST_LINKS = 40
LONGEST = 4000


def not_read(submitted: Submitted) -> Iterator[Finding]:
    """List what was left unopened: in the folder, and behind the links of each document."""
    for left in submitted.not_taken:
        yield found("not_read", left, certainty="certain")
    for held in submitted.documents:
        links = held.reading.links
        if links:
            yield found(
                "not_read",
                Bilingual(
                    f"เอกสารอ้างถึงลิงก์หรือวิดีโอ {len(links)} รายการ ซึ่งระบบไม่ได้เปิดอ่าน โปรดเปิดดูเอง",
                    f"The document points to {len(links)} links or videos that were not opened. "
                    "Please look at them yourself.",
                ),
                held.reading.file,
                quote="\n".join(safe_name(link) for link in links[:MOST_LINKS]),
                longest=LONGEST,
                certainty="certain",
            )
