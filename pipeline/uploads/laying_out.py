"""What was sent becomes an inbox: each top folder a submission, ZIPs taken apart, a folder around all others taken off."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.intake.names import is_clutter
from pipeline.uploads.receiving import INBOX, SENT
from pipeline.uploads.round_folder import is_around
from pipeline.uploads.sent_names import free_place
from pipeline.uploads.unpacking import unpack
from pipeline.uploads.upload_limits import UploadLimits
from rubric.exceptions import UserError
from rubric.language import Bilingual

LEFT_OUT = "left_out.json"
MOST_TOLD = 200
LOOSE = Bilingual("ไม่ได้อยู่ในโฟลเดอร์ของเขตใด จึงไม่ได้รับไว้", "lies in no office's folder, so it was not taken")


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The names of the submissions, and what was left out with its reason."""

    submissions: tuple[str, ...]
    left_out: tuple[Bilingual, ...]


def lay_out(folder: Path, limits: UploadLimits) -> LaidOut:
    """Make an inbox of what was sent into a round's folder.

    Raises:
        UserError: there is no submission in it, or a ZIP cannot be unpacked; what was sent is still there.
    """
    sent, inbox = folder / SENT, folder / INBOX
    inbox.mkdir(exist_ok=True)
    left_out: list[Bilingual] = []
    zips = [path for path in _inside(sent) if path.is_file() and path.suffix.lower() == ".zip"]
    roots: list[Path] = []
    for at, path in enumerate(zips):
        root = folder / f"unpacked-{at:04}"
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir()
        unpacked = unpack(path, root, limits, path.name)
        left_out += unpacked.left_out
        roots.append(root)
    found = [*_submissions(sent)]
    for path, root in zip(zips, roots, strict=True):
        whole = any(entry.is_file() for entry in _inside(root))
        found += [(path.stem, root)] if whole else _submissions(root)
    left_out += [
        Bilingual(f"{path.name} {LOOSE.th}", f"{path.name} {LOOSE.en}.")
        for path in _inside(sent)
        if path.is_file() and path not in zips
    ]
    if not found:
        raise UserError(
            Bilingual("ไม่พบโฟลเดอร์เอกสารของเขตในสิ่งที่ส่งมา", "There is no office's folder in what was sent."),
            Bilingual(
                "วางเอกสารของแต่ละเขตไว้ในโฟลเดอร์ของตนเอง แล้วส่งโฟลเดอร์หรือ ZIP ของโฟลเดอร์เหล่านั้น",
                "Put each office's documents into a folder of its own, and send the folders or a ZIP of them.",
            ),
        )
    names = []
    for name, path in found:
        target = free_place(inbox, PurePosixPath(name), str(path.relative_to(folder)))
        path.rename(target)
        names.append(target.name)
    for path in zips:
        path.unlink()
    for root in roots:
        shutil.rmtree(root, ignore_errors=True)
    _keep(folder, left_out)
    return LaidOut(tuple(sorted(names)), tuple(left_out))


def left_out_of(folder: Path) -> tuple[Bilingual, ...]:
    """Return what was left out when the round was laid out."""
    try:
        rows = json.loads((folder / LEFT_OUT).read_text("utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(Bilingual(str(row["th"]), str(row["en"])) for row in rows)


def _keep(folder: Path, left_out: list[Bilingual]) -> None:
    rows = [{"th": one.th, "en": one.en} for one in left_out[:MOST_TOLD]]
    (folder / LEFT_OUT).write_text(json.dumps(rows, ensure_ascii=False), "utf-8")


def _submissions(root: Path) -> list[tuple[str, Path]]:
    """Return the folders of submissions in ``root``: its own, or those within the one folder that is around all others."""
    folders = [path for path in _inside(root) if path.is_dir()]
    if len(folders) == 1 and is_around(folders[0]):
        folders = list(_inside(folders[0]))
    return [(path.name, path) for path in folders]


def _inside(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if not is_clutter(path.name))
