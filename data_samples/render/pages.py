"""Word to PDF by LibreOffice, in one start for all files, and PDF files that do not change when made again."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pikepdf

_FIXED_DATE = "D:20221201090000Z"
_SECONDS = 600


def to_pdf(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Convert Word files.

    Args:
        files: name without ending -> content.

    Returns:
        The same names -> PDF.

    Raises:
        RuntimeError: LibreOffice is missing or made nothing.
    """
    program = shutil.which("soffice")
    if program is None:
        raise RuntimeError(
            "LibreOffice (soffice) is needed to make the PDF files; install libreoffice-writer"
        )
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        for name, content in files.items():
            (room / f"{name}.docx").write_bytes(content)
        command = [
            program,
            f"-env:UserInstallation={(room / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
        ]
        command += ["--outdir", str(room / "out"), *(str(room / f"{name}.docx") for name in files)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
        missing = [name for name in files if not (room / "out" / f"{name}.pdf").exists()]
        if missing:
            raise RuntimeError(f"LibreOffice made no PDF of {missing}: {done.stderr[-500:]}")
        return {name: settle((room / "out" / f"{name}.pdf").read_bytes()) for name in files}


def settle(content: bytes) -> bytes:
    """Return the PDF with fixed dates and identifier."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.docinfo["/CreationDate"] = _FIXED_DATE
        pdf.docinfo["/ModDate"] = _FIXED_DATE
        for changing in ("/ID", "/DocChecksum"):
            if changing in pdf.trailer:
                del pdf.trailer[changing]
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()
