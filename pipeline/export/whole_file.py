"""A file that leaves the house is there whole or not at all, under a name that every system can hold.

It is written beside its place and put there in one step, so that whoever opens the place while we write, or after a
crash, finds the file as it was before. A ZIP may also be sent while it is made: its list of members comes last, so that
one that broke off is no ZIP.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import time
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from rubric.exceptions import InboxError
from rubric.language import Bilingual

LONGEST = 120
"""Letters of a name that we make: file systems take 255 bytes, and a Thai letter has three; the rest is for the ending."""
PIECE = 1 << 18
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)")


def portable_name(text: str, ending: str) -> str:
    r"""Return a file name made of ``text`` that Windows, macOS and Linux can hold.

    >>> portable_name("หนังสือแจ้ง สพป. 2/1: ร่าง", ".docx"), portable_name("con", ".csv"), portable_name(" . ", ".csv")
    ('หนังสือแจ้ง สพป. 2_1_ ร่าง.docx', '_con.csv', '_.csv')
    """
    stem = _FORBIDDEN.sub("_", text)
    while len(stem.encode(errors="replace")) > 255 - len(ending) - 20 or len(stem) > LONGEST:
        stem = stem[:-1]
    stem = stem.encode(errors="replace").decode().strip(" .") or "_"
    return ("_" if _DEVICES.match(stem) else "") + stem + ending


def place_of(out: Path, stem: str, ending: str) -> Path:
    """Return where to write: ``out`` itself, or a file named by ``stem`` where ``out`` is a folder."""
    return out / portable_name(stem, ending) if out.is_dir() else out


@contextlib.contextmanager
def written_whole(out: Path) -> Iterator[Path]:
    """Give a path to write to; what was written there takes the place of ``out`` when the block ends well.

    Raises:
        InboxError: the file cannot be written.
    """
    part = out.with_name(f".{out.name[:60]}.{os.getpid()}.part")
    try:
        yield part
        part.replace(out)
    except OSError as error:
        raise InboxError(
            Bilingual(
                f"เขียนไฟล์ {out} ไม่ได้ ({error.strerror})", f"{out} cannot be written ({error.strerror})."
            ),
            Bilingual("ตรวจสอบโฟลเดอร์และสิทธิ์", "Check the folder and your rights."),
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def free_name(stem: str, ending: str, taken: set[str]) -> str:
    """Return a portable name that is not taken yet, on a system that knows no capitals either; it is taken from now on."""
    name, count = portable_name(stem, ending), 2
    while name.casefold() in taken:
        name, count = portable_name(f"{stem} ({count})", ending), count + 1
    taken.add(name.casefold())
    return name


class _Pipe(io.RawIOBase):
    """Takes what is written to it, and gives it on."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: object, /) -> int:
        """Take some bytes."""
        taken = bytes(data)  # type: ignore[call-overload]
        self._written.append(taken)
        return len(taken)

    def given(self) -> bytes:
        """Return what was written since the last time."""
        taken, self._written = b"".join(self._written), []
        return taken


def zipped(members: Iterable[tuple[str, Path | str]]) -> Iterator[bytes]:
    """Give a ZIP of files and texts piece by piece, while ``members`` are made; each file may be taken away after it.

    Nothing is packed tighter: PDF and Word files are compressed in themselves.
    """
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w") as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name, time.localtime()[:6])
            source = io.BytesIO(content.encode()) if isinstance(content, str) else content.open("rb")
            with source, archive.open(entry, "w", force_zip64=True) as target:
                while piece := source.read(PIECE):
                    target.write(piece)
                    yield pipe.given()
        yield pipe.given()
    yield pipe.given()
