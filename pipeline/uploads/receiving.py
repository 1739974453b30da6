"""Sent files as they come in, piece by piece: counted and measured, whole under their name or not there at all.

Pieces are small, so that no request is larger or longer than others are, and a lost network costs one of them.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pipeline.intake.names import is_clutter, safe_name
from pipeline.uploads.sent_names import free_place, place_of
from pipeline.uploads.upload_limits import UploadLimits
from rubric.exceptions import HomeError, UserError
from rubric.language import Bilingual

SENT = "sent"
INBOX = "inbox"


@dataclass
class Received:
    """What has come in of one round so far."""

    files: int = 0
    bytes: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Receiving:
    """Takes files into the folders of rounds below ``root``.

    Args:
        root: made when the first round comes.
    """

    def __init__(self, root: Path, limits: UploadLimits) -> None:
        self.root = root
        self.limits = limits
        self._rounds: dict[Path, Received] = {}
        self._lock = threading.Lock()

    def begin(self) -> Path:
        """Make the folder of a new round."""
        folder = self.root / secrets.token_hex(6)
        (folder / SENT).mkdir(parents=True)
        return folder

    def clear(self, folder: Path) -> None:
        """Forget what was sent into a round's folder and not used."""
        with self._lock:
            self._rounds.pop(folder, None)
        shutil.rmtree(folder / SENT, ignore_errors=True)
        (folder / SENT).mkdir()
        for part in folder.glob("part-*"):
            part.unlink(missing_ok=True)

    def take(self, folder: Path, name: str, at: int, size: int, piece: bytes) -> int:
        """Take a piece of a file into ``folder``; returns how much of the file is there: the next piece begins there.

        A piece that comes twice is taken once. What systems make by themselves is never kept.

        Args:
            name: of the file with the folders it lies in, as its sender calls it.
            at: where in the file the piece begins.
            size: of the whole file.

        Raises:
            UserError: the file would pass a bound of the round, or has no usable name.
            HomeError: the disk is too full.
        """
        place = place_of(name)
        if place is not None and is_clutter(place.as_posix()):
            return size
        if place is None or at + len(piece) > size:
            raise UserError(Bilingual("ส่งไฟล์นี้ไม่ได้", "This file cannot be sent."))
        so_far = self._received(folder)
        if at == 0:
            self._check(so_far, size)
        key = hashlib.sha256(f"{size}\0{name}".encode("utf-8", "surrogatepass")).hexdigest()[:20]
        part = folder / f"part-{key}"
        with so_far.lock:
            there = part.stat().st_size if at and part.exists() else 0
            if at > there:
                return there
            with part.open("r+b" if at else "wb") as target:
                target.seek(at)
                target.write(piece)
            there = max(there, at + len(piece))
            if there == size:
                self._put(folder, part, place, name, so_far)
        return there

    def _put(self, folder: Path, part: Path, place: PurePosixPath, name: str, so_far: Received) -> None:
        target = free_place(folder / SENT, place, name)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            shown = safe_name(name)
            raise UserError(
                Bilingual(f"ไฟล์กับโฟลเดอร์ชื่อซ้ำกัน ({shown})", f"A file bears a folder's name ({shown}).")
            ) from error
        so_far.files += 1
        so_far.bytes += part.stat().st_size
        part.rename(target)

    def _received(self, folder: Path) -> Received:
        with self._lock:
            known = self._rounds.get(folder)
            if known is None:
                there = [path for path in (folder / SENT).rglob("*") if path.is_file()]
                known = Received(len(there), sum(path.stat().st_size for path in there))
                self._rounds[folder] = known
            return known

    def _check(self, so_far: Received, declared: int) -> None:
        limits = self.limits
        if so_far.files >= limits.files:
            raise _too_much(f"{limits.files:,} ไฟล์", f"{limits.files:,} files")
        if so_far.bytes + declared > limits.bytes:
            size = f"{limits.bytes / 2**30:.1f} GiB"
            raise _too_much(size, size)
        if shutil.disk_usage(self.root).free - declared < limits.spare_bytes:
            raise HomeError(
                Bilingual("พื้นที่ดิสก์ของเครื่องแม่ข่ายเหลือไม่พอ", "The server's disk has too little room left."),
                Bilingual("แจ้งผู้ดูแลระบบ แล้วลองใหม่", "Tell whoever maintains it, then try again."),
            )


def _too_much(th: str, en: str) -> UserError:
    return UserError(
        Bilingual(f"ส่งได้ไม่เกิน {th} ต่อรอบ", f"One round takes at most {en}."),
        Bilingual("แบ่งส่งเป็นหลายรอบ", "Send the rest in another round."),
    )
