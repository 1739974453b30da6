"""A submission whose plan holds another document: both are screened, and what is stored is not read twice."""

from __future__ import annotations

from pathlib import Path

from pipeline.blocks import DocumentReading
from pipeline.intake.files import LocalFiles
from pipeline.intake.pulled import PulledFile
from pipeline.reading import Opener
from pipeline.screening.screener import Screener
from tests.pipeline.reading.pdf.test_shown import Form, texts


class Kept:
    """Readings by content and name."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], DocumentReading] = {}

    def get(self, sha256: str, file: str) -> DocumentReading | None:
        return self.known.get((sha256, file))


def test_attachments_become_documents_of_the_submission(tmp_path: Path) -> None:
    form = Form()
    form.attach("แผน.pdf", Form("The plan").bytes)
    form.attach("note.txt", b"hello")
    path = tmp_path / "sent.pdf"
    path.write_bytes(form.bytes)
    files = LocalFiles(tmp_path / "files")
    kept = files.put_file(path)
    readings = Kept()
    screener = Screener(files, None, None, None, readings, ocr=False)  # type: ignore[arg-type]
    sent = PulledFile("รายงาน.pdf", kept.sha256, kept.size, None)
    for fresh in (True, False):
        found = screener._read(sent, Opener())
        assert [(one.reading.file, texts(one.reading)) for one in found] == [
            ("รายงาน.pdf", ["Report of supervision"]),
            ("รายงาน.pdf/แผน.pdf", ["The plan"]),
        ]
        assert [problem.code for problem in found[0].reading.problems] == [
            "attachments",
            "attachment_left_out",
        ]
        assert all(one.fresh is fresh for one in found)
        readings.known = {(one.reading.sha256, one.reading.file): one.reading for one in found}
