"""The files where several machines reach them: any place that fsspec can write to, with a cache on this machine.

What is there is whole: an object store shows a file only once all of it came, and anywhere else it is uploaded under
another name and then moved. What comes back is hashed before it is used, so that nothing damaged is ever read.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from pipeline.intake.files import Kept, LocalFiles, relative_place
from pipeline.intake.patience import Pauses
from pipeline.intake.reach import reach
from pipeline.secrecy import safe_cause, shown_address, withhold_of, without_secrets
from rubric.exceptions import FileDamaged, FilesError, KhetcheckError
from rubric.language import Bilingual

WHOLE_AT_ONCE = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oss", "r2"}
"""Object stores: what is put there is seen whole or not at all, and they have no move."""
Result = TypeVar("Result")


class RemoteFiles:
    """Files at an fsspec URL, each under its digest.

    Args:
        cache: folder on this machine where what was put or fetched lies too; may be emptied at any time.
        pauses: how often and how long after a failure it is tried again.
    """

    def __init__(
        self,
        url: str,
        cache: Path,
        options: Mapping[str, Any] | None = None,
        pauses: Pauses | None = None,
    ) -> None:
        withhold_of(url)
        self._url, self._options = url, dict(options or {})
        self._near = LocalFiles(cache)
        self._pauses = pauses or Pauses()
        self._lock = threading.Lock()
        self._reached: tuple[Any, str] | None = None
        self._there: set[str] = set()

    def path(self, sha256: str) -> Path:
        """Return the file's place in the cache, fetched and checked where it was not there yet.

        Raises:
            FilesError: the place does not answer, or holds something else under this digest.
        """
        near = self._near.path(sha256)
        if near.is_file():
            return near
        self._patiently(lambda files, root: self._fetch(files, root, sha256))
        return near

    def has(self, sha256: str) -> bool:
        """Tell whether the file is kept for all machines; this one's cache does not count."""
        if sha256 in self._there:
            return True
        found = self._patiently(lambda files, root: bool(files.exists(_at(root, sha256))))
        if found:
            self._there.add(sha256)
        return found

    def put(self, source: BinaryIO) -> Kept:
        """Copy a stream in."""
        return self._sent(self._near.put(source))

    def put_file(self, path: Path) -> Kept:
        """Copy a local file in."""
        return self._sent(self._near.put_file(path))

    def scratch(self) -> contextlib.AbstractContextManager[Path]:
        """Give an empty folder on this machine that is gone afterwards."""
        return self._near.scratch()

    def partial(self, name: str) -> contextlib.AbstractContextManager[Path]:
        """Give a place on this machine where a download of that name goes on."""
        return self._near.partial(name)

    def sweep(self, older_than_seconds: float, now: float) -> int:
        """Remove what killed runs left on this machine."""
        return self._near.sweep(older_than_seconds, now)

    def get_named(self, name: str, most: int) -> bytes | None:
        """Return what lies under a name for all machines, unproved; None where nothing does, or more than ``most`` bytes.

        Raises:
            FilesError: the place does not answer.
        """

        def get(files: Any, root: str) -> bytes | None:
            target = f"{root.rstrip('/')}/{name}"
            size = _size(files, target)
            return None if size is None or size > most else bytes(files.cat_file(target))

        return self._patiently(get)

    def put_named(self, name: str, content: bytes) -> None:
        """Put something under a name for all machines, in the place of what was there.

        Raises:
            FilesError: the place does not answer, or may not be written.
        """

        def put(files: Any, root: str) -> None:
            target = f"{root.rstrip('/')}/{name}"
            if not WHOLE_AT_ONCE & set(_protocols(files)) and _size(files, target) is not None:
                files.rm_file(target)  # some move onto nothing that is there
            _put_whole(files, root, target, lambda place: files.pipe_file(place, content))

        self._patiently(put)

    def _sent(self, kept: Kept) -> Kept:
        if kept.sha256 not in self._there:
            self._patiently(lambda files, root: self._send(files, root, kept))
            self._there.add(kept.sha256)
        return kept

    def _send(self, files: Any, root: str, kept: Kept) -> None:
        target, source = _at(root, kept.sha256), str(self._near.path(kept.sha256))
        if _size(files, target) == kept.size:
            return
        _put_whole(files, root, target, lambda place: files.put_file(source, place))

    def _fetch(self, files: Any, root: str, sha256: str) -> None:
        with self._near.scratch() as folder:
            here = folder / sha256
            try:
                files.get_file(_at(root, sha256), str(here))
            except FileNotFoundError:
                return
            if _sha256(here) != sha256:
                raise self._damaged(sha256)
            place = self._near.path(sha256)
            place.parent.mkdir(parents=True, exist_ok=True)
            here.replace(place)
        self._there.add(sha256)

    def _patiently(self, work: Callable[[Any, str], Result]) -> Result:
        """Do something at the place; where it does not answer, again after a while, with a new connection."""
        for pause in self._pauses.each():
            try:
                return work(*self._connected())
            except KhetcheckError:
                raise
            except Exception as error:  # fsspec's back ends raise what they like
                if pause is None or isinstance(error, (PermissionError, FileNotFoundError)):
                    raise self._unreachable(error) from safe_cause(error)
                self._reached = None
            self._pauses.rest(pause)
        raise AssertionError("the last pause is None")

    def _connected(self) -> tuple[Any, str]:
        with self._lock:
            if self._reached is None:
                self._reached = reach(self._url, self._options)
            return self._reached

    def _unreachable(self, error: Exception) -> FilesError:
        shown, why = shown_address(self._url), without_secrets(str(error) or type(error).__name__)
        return FilesError(
            Bilingual(
                f"ที่เก็บไฟล์ {shown} ใช้ไม่ได้ ({why})", f"The place of files {shown} cannot be used ({why})."
            ),
            Bilingual(
                "ตรวจสอบ KHETCHECK_FILES สิทธิ์การเข้าถึง และเครือข่าย แล้วสั่งคำสั่งเดิมอีกครั้ง",
                "Check KHETCHECK_FILES, your rights to it and the network, and run the same command again.",
            ),
        )

    def _damaged(self, sha256: str) -> FileDamaged:
        shown = shown_address(self._url)
        return FileDamaged(
            Bilingual(
                f"ไฟล์ {sha256[:12]}… ที่ {shown} เสียหายหรือถูกแก้ไข จึงไม่ได้ใช้",
                f"The file {sha256[:12]}… at {shown} is damaged or was changed, so it was not used.",
            ),
            Bilingual("ลบไฟล์นั้นในที่เก็บ แล้วดึงชุดเอกสารนั้นใหม่", "Delete it there, and pull its submission again."),
        )


def _at(root: str, sha256: str) -> str:
    return f"{root.rstrip('/')}/{relative_place(sha256)}"


def _put_whole(files: Any, root: str, target: str, put: Callable[[str], object]) -> None:
    """Have ``put`` write to the target so that half of it is never seen there."""
    if WHOLE_AT_ONCE & set(_protocols(files)):
        put(target)
        return
    files.makedirs(target.rpartition("/")[0], exist_ok=True)
    beside = f"{root.rstrip('/')}/incoming-{uuid.uuid4().hex}"
    try:
        put(beside)
        files.mv(beside, target)
    except BaseException:
        with contextlib.suppress(Exception):
            files.rm_file(beside)
        raise


def _protocols(files: Any) -> Iterator[str]:
    told = files.protocol
    yield from [told] if isinstance(told, str) else told


def _size(files: Any, target: str) -> int | None:
    files.invalidate_cache()
    try:
        return int(files.info(target)["size"])
    except (FileNotFoundError, KeyError, TypeError):
        return None


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
