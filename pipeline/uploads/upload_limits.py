"""How much may be sent through the page in one round, and how much of a ZIP is unpacked."""

from __future__ import annotations

from dataclasses import dataclass

GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """Bounds of one round.

    Attributes:
        bytes: of all files as they were sent.
        files: as they were sent.
        unpacked_bytes: of all files of its ZIPs.
        entries: of all its ZIPs.
        ratio: unpacked size over packed size of an entry above 1 MiB.
        spare_bytes: what is left free on the disk.
        seconds: for unpacking one ZIP.
        memory_bytes: address space of the process that unpacks.
    """

    bytes: int = 4 * GIB
    files: int = 20_000
    unpacked_bytes: int = 8 * GIB
    entries: int = 20_000
    ratio: int = 200
    spare_bytes: int = GIB // 2
    seconds: float = 1800.0
    memory_bytes: int = 2 * GIB
