"""What a backup holds: each file with its digest, and how many rows each table had. Without it a folder is no backup."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from rubric.exceptions import BackupError
from rubric.language import Bilingual

MANIFEST = "manifest.json"
FORMAT = 1
CHUNK = 1 << 20
Kind = Literal["sqlite", "postgresql"]


class Kept(BaseModel):
    """One file of the backup, by its path in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    size: int
    sha256: str


class Manifest(BaseModel):
    """The list of contents, written last: a backup that broke off has none, or its predecessor's.

    Attributes:
        format: of the backup; a newer one is refused.
        program: version of khetcheck that wrote it.
        kind, revision, tables: of the database; rows by table, counted in the copied state itself.
        database: path of the database's copy.
        missing: digests that the database names and that were not among the files, or not whole.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = FORMAT
    program: str
    made_at: dt.datetime
    kind: Kind
    revision: str
    tables: dict[str, int]
    database: str
    files: tuple[Kept, ...]
    missing: tuple[str, ...] = ()

    @property
    def bytes(self) -> int:
        """Size of all that is listed."""
        return sum(one.size for one in self.files)

    def write(self, folder: Path) -> None:
        """Put the list in place, whole."""
        part = folder / f"{MANIFEST}.part"
        part.write_text(self.model_dump_json(indent=1) + "\n", "utf-8")
        part.replace(folder / MANIFEST)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Return the list of a backup.

        Raises:
            BackupError: there is none, or it is of a newer make.
        """
        try:
            found = cls.model_validate_json((folder / MANIFEST).read_bytes())
        except OSError as error:
            raise BackupError(
                Bilingual(
                    f"{folder} ไม่ใช่สำเนาที่สมบูรณ์ (ไม่มี {MANIFEST})",
                    f"{folder} is no whole backup: it has no {MANIFEST}.",
                ),
                Bilingual(
                    "เลือกโฟลเดอร์ที่ khetcheck backup สร้าง", "Name the folder that khetcheck backup wrote."
                ),
            ) from error
        except ValidationError as error:
            raise _unknown(folder) from error
        if found.format > FORMAT or any(not _is_inside(one.path) for one in found.files):
            raise _unknown(folder)
        return found

    def check(self, folder: Path, told: Callable[[int], None] = lambda _size: None) -> None:
        """See that all that is listed is there and whole.

        Raises:
            BackupError: something is not; the first is named.
        """
        for one in self.files:
            path = folder / one.path
            if not path.is_file() or path.stat().st_size != one.size or digest_of(path) != one.sha256:
                raise BackupError(
                    Bilingual(
                        f"สำเนาเสียหาย: {one.path} หายหรือไม่ตรงกับรายการ",
                        f"The backup is damaged: {one.path} is gone or was changed.",
                    ),
                    Bilingual("ใช้สำเนาอื่น ยังไม่มีอะไรถูกเขียน", "Use another backup. Nothing was written."),
                )
            told(one.size)


def digest_of(path: Path) -> str:
    """Return the hex SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _is_inside(path: str) -> bool:
    """Tell whether a path stays in the backup, whoever wrote the list."""
    parts = Path(path).parts
    return bool(parts) and not Path(path).is_absolute() and ".." not in parts


def _unknown(folder: Path) -> BackupError:
    return BackupError(
        Bilingual(
            f"อ่าน {MANIFEST} ใน {folder} ไม่ได้ อาจสร้างโดยรุ่นใหม่กว่า",
            f"The {MANIFEST} in {folder} is not understood; a newer khetcheck may have written it.",
        ),
        Bilingual(
            "ติดตั้ง khetcheck รุ่นล่าสุด หรือใช้สำเนาอื่น", "Install the newest khetcheck, or use another backup."
        ),
    )
