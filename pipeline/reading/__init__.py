"""From an office's file to blocks: the room's front door.

``read_file`` reads one document, ``Opener`` opens zips and files with attachments, ``read_document`` does whichever is
needed. None of them raises for what a file holds. Readings may be stored under (sha256 of the file, ``READER_VERSION``).
"""

from pipeline.reading.containers import (
    Member,
    Opener,
    Unpacked,
    holds_files,
    is_archive,
    read_document,
    with_left_out,
)
from pipeline.reading.document import READER_VERSION, Progress, read_file
from pipeline.reading.limits import DEFAULT_LIMITS, Limits

__all__ = [
    "DEFAULT_LIMITS",
    "READER_VERSION",
    "Limits",
    "Member",
    "Opener",
    "Progress",
    "Unpacked",
    "holds_files",
    "is_archive",
    "read_document",
    "read_file",
    "with_left_out",
]
