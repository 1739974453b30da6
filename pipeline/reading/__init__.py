"""From an office's file to blocks: the room's front door.

``read_file`` reads one document, ``unpack`` opens a zip, ``read_document`` does whichever is needed. None of them raises
for what a file holds. Readings may be stored under (sha256 of the file, ``READER_VERSION``).
"""

from pipeline.reading.document import (
    READER_VERSION,
    Member,
    Progress,
    Unpacked,
    is_archive,
    read_document,
    read_file,
    unpack,
)
from pipeline.reading.limits import DEFAULT_LIMITS, Limits

__all__ = [
    "DEFAULT_LIMITS",
    "READER_VERSION",
    "Limits",
    "Member",
    "Progress",
    "Unpacked",
    "is_archive",
    "read_document",
    "read_file",
    "unpack",
]
