"""Zips that climb, lie, nest and explode: names are made safe, the good documents in them are read."""

from __future__ import annotations

import os
import random
import stat
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from pipeline.reading import Limits, Opener, read_document
from pipeline.reading.child.archive import safe_name
from tests.pipeline.reading.hostile import offices, pdfs

pytestmark = pytest.mark.hostile

TIGHT = Limits(page_seconds=10.0, seconds=30.0, archive_bytes=64 << 20)
THAI = "ประชุมติดตามงาน"


def kept(data: bytes, folder: Path, name: str = "sent.zip") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


CLIMBING = {
    "parents": "../../../../etc/cron.d/report.docx",
    "parents-backslash": "..\\..\\windows\\report.docx",
    "root": "/etc/report.docx",
    "drive": "C:\\Users\\report.docx",
    "dots-inside": "a/../../b/report.docx",
    "control-characters": "re\x01po\x07rt\x1b[2J.docx",
    "line-end": "report\n.docx",
    "right-to-left": "report\u202excod.docx",
    "device": "con.docx",
    "only-dots": "...docx",
    "very-long": "ก" * 3000 + ".docx",
}


@pytest.mark.parametrize("name", CLIMBING.values(), ids=CLIMBING.keys())
def test_names_stay_inside_and_readable(name: str, tmp_path: Path) -> None:
    into = tmp_path / "a" / "b"
    unpacked = Opener(TIGHT).open(kept(offices.named(name), tmp_path), into, "sent.zip")
    (member,) = unpacked.members
    assert member.path.resolve().parent == into.resolve()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "sent.zip", member.path]
    assert member.name.startswith("sent.zip/") and ".." not in Path(member.name).parts
    assert all(ch.isprintable() for ch in member.name)
    assert max(len(part) for part in member.name.split("/")) <= 200


@pytest.mark.parametrize("seed", range(50))
def test_safe_names_are_relative_printable_and_stable(seed: int) -> None:
    rng = random.Random(seed)
    name = "".join(rng.choice("../\\:ก\u0e33a \x00\x1f\u202e*?<|>con") for _ in range(rng.randrange(1, 60)))
    safe = safe_name(name)
    assert safe and not safe.startswith("/") and ".." not in safe.split("/")
    assert safe.isprintable() and not set(safe) & set('\\:*?"<>|')
    assert safe_name(safe) == safe


def test_thai_names_of_old_windows_are_read_as_thai(tmp_path: Path) -> None:
    (reading,) = read_document(kept(offices.thai_names(), tmp_path), limits=TIGHT)
    assert reading.file == "sent.zip/รายงาน.docx"
    assert THAI in reading.blocks[0].text


class _Nameless(zipfile.ZipInfo):
    """Python's own writer falls over such a member, too."""

    def is_dir(self) -> bool:
        return False


def test_a_member_without_a_name_is_read_and_stops_nothing(tmp_path: Path) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(_Nameless(""), offices.good_docx())
        archive.writestr("report.docx", offices.good_docx())
    unpacked = Opener(TIGHT).open(kept(packed.getvalue(), tmp_path), tmp_path / "into", "sent.zip")
    assert [member.name for member in unpacked.members] == ["sent.zip/unnamed", "sent.zip/report.docx"]


def test_two_entries_of_one_name_are_both_kept(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = offices.named("a.docx", "a.docx")
    readings = read_document(kept(data, tmp_path), limits=TIGHT)
    assert [reading.read_by for reading in readings] == ["text", "text"]


def test_a_zip_in_a_zip_is_read_and_no_deeper(tmp_path: Path) -> None:
    once = read_document(kept(offices.nested(2), tmp_path, "once.zip"), limits=TIGHT)
    assert [(r.file, r.read_by) for r in once] == [("once.zip/level1.zip/level0.docx", "text")]
    twice = read_document(kept(offices.nested(4), tmp_path, "twice.zip"), limits=TIGHT)
    assert [problem.code for problem in twice[0].problems] == ["member_left_out", "no_documents"]


OUTCOMES = {
    "locked": (offices.locked_zip, "member_left_out"),
    "empty": (lambda: offices.zipped({}), "no_documents"),
    "hundred-thousand-entries": (lambda: offices.many_entries(30_000), "member_left_out"),
    "cut": (lambda: offices.named("a.docx", "b.docx")[:700], "broken"),
    "bomb": (lambda: offices.zip_of_blanks("a.pdf", 900 << 20), "member_left_out"),
    "overlapping-entries": (lambda: offices.overlapping(300), "member_left_out"),
    "program": (lambda: offices.zipped({"setup.exe": b"MZ" + bytes(90)}), "member_left_out"),
    "directory-lies": (lambda: offices.named("a.docx").replace(b"PK\x01\x02", b"PK\x01\x03"), "broken"),
    "folders-only": (lambda: offices.zipped({"a/": b"", "a/b/": b""}), "no_documents"),
    "system-files-only": (
        lambda: offices.zipped({"__MACOSX/a.docx": b"x", "Thumbs.db": b"x"}),
        "no_documents",
    ),
}


@pytest.mark.parametrize(("make", "code"), OUTCOMES.values(), ids=OUTCOMES.keys())
def test_bad_zip_is_one_told_reading(make: object, code: str, tmp_path: Path) -> None:
    assert callable(make)
    (reading,) = read_document(kept(make(), tmp_path), limits=TIGHT)
    assert reading.read_by == "failed" and reading.file == "sent.zip"
    assert code in {problem.code for problem in reading.problems}


def test_good_documents_beside_bad_ones_are_read(tmp_path: Path) -> None:
    data = offices.zipped(
        {
            "แผน.docx": offices.good_docx(),
            "bomb.docx": offices.zip_of_blanks("word/document.xml", 300 << 20),
            "zero.pdf": b"",
            "note.txt": "ข้อความ",
            "report.pdf": pdfs.good(),
        }
    )
    readings = {r.file: r for r in read_document(kept(data, tmp_path), limits=TIGHT, ocr=False)}
    assert readings["sent.zip/แผน.docx"].read_by == "text"
    assert readings["sent.zip/report.pdf"].read_by == "text"
    assert [p.code for p in readings["sent.zip/bomb.docx"].problems] == ["too_large"]
    assert [p.code for p in readings["sent.zip/zero.pdf"].problems] == ["empty"]
    assert "note.txt" in readings["sent.zip"].problems[0].message.en


def test_a_link_in_a_zip_is_never_followed(tmp_path: Path) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("report.pdf")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    unpacked = Opener(TIGHT).open(kept(out.getvalue(), tmp_path), tmp_path / "out", "sent.zip")
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))
    assert all(os.path.getsize(member.path) == len("/etc/passwd") for member in unpacked.members)  # noqa: PTH202
