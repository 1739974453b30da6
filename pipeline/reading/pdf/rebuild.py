"""pikepdf, wrapped: repairs PDFs whose tail was cut or whose table of objects is wrong, where PDFium gives up.

Half-sent uploads are common; most of their pages are still there. Runs inside the child.
"""

from __future__ import annotations

from pathlib import Path

import pikepdf

from pipeline.reading.outcomes import error


def repaired_copy(path: Path, into: Path) -> Path:
    """Write a repaired copy of the PDF at ``path`` into the directory ``into`` and return it.

    Raises:
        EncryptedDocument: it is under a password.
        BrokenDocument: nothing could be saved of it.
    """
    repaired = into / "repaired.pdf"
    try:
        with pikepdf.open(path, attempt_recovery=True) as document:
            if len(document.pages) == 0:
                raise error("broken")
            document.save(repaired, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    except pikepdf.PasswordError as problem:
        raise error("encrypted") from problem
    except (pikepdf.PdfError, ValueError, RuntimeError, OSError) as problem:
        raise error("broken") from problem
    return repaired
