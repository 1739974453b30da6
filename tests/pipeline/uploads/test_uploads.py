"""What is sent becomes an inbox; hostile names, links, bombs and broken ZIPs lead nowhere and are told."""

import io
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.uploads.laying_out import lay_out, left_out_of
from pipeline.uploads.mending import files_of, mend
from pipeline.uploads.receiving import INBOX, SENT, Receiving
from pipeline.uploads.sent_names import MOST_BYTES, place_of
from pipeline.uploads.unpacking import unpack_here
from pipeline.uploads.upload_limits import UploadLimits
from rubric.exceptions import KhetcheckError, NotFoundError, UserError

LIMITS = UploadLimits(spare_bytes=0)


@pytest.fixture
def receiving(tmp_path: Path) -> Receiving:
    return Receiving(tmp_path / "uploads", LIMITS)


def send(receiving: Receiving, folder: Path, name: str, content: bytes, piece: int = 7) -> None:
    at = 0
    while True:
        at = receiving.take(folder, name, at, len(content), content[at : at + piece])
        if at >= len(content):
            return


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def laid(folder: Path) -> dict[str, bytes]:
    inbox = folder / INBOX
    return {
        path.relative_to(inbox).as_posix(): path.read_bytes()
        for path in sorted(inbox.rglob("*"))
        if path.is_file()
    }


def test_folders_become_submissions(receiving: Receiving) -> None:
    folder = receiving.begin()
    send(receiving, folder, "เขต 1/แผน.pdf", b"plan")
    send(receiving, folder, "เขต 1/ภาคผนวก/ภาพ.pdf", b"annex")
    send(receiving, folder, "เขต 2/รายงาน.docx", b"report")
    send(receiving, folder, "เขต 2/Thumbs.db", b"clutter")
    assert lay_out(folder, LIMITS).submissions == ("เขต 1", "เขต 2")
    assert laid(folder) == {
        "เขต 1/ภาคผนวก/ภาพ.pdf": b"annex",
        "เขต 1/แผน.pdf": b"plan",
        "เขต 2/รายงาน.docx": b"report",
    }


@pytest.mark.parametrize("around", ["", "รอบ 6 เดือน/"])
def test_a_zip_of_folders_becomes_submissions_also_with_a_folder_around(
    receiving: Receiving, around: str
) -> None:
    folder = receiving.begin()
    files = {f"{around}{name}/a.pdf": name.encode() for name in ("s1", "s2", "s3")}
    send(receiving, folder, "รวม.zip", zipped(files), 1000)
    assert lay_out(folder, LIMITS).submissions == ("s1", "s2", "s3")


OFFICE_ALONE = [
    ("สพป.ศรีธารา เขต 2", ("แผน", "อบรม", "นิเทศ")),
    ("ส่ง สพฐ", ("1. แผนปฏิบัติการ", "2. รายงานผล", "3. ภาพ")),
    ("ESA", ("plan", "report", "annex-1", "misc")),
]
OFFICES = [
    ("รอบ 6 เดือน", ("สพป.ศรีธารา 1", "สพป.ศรีธารา 2")),
    ("สพป.ศรีธารา รวม", ("สพป.ศรีธารา 1", "สพป.ศรีธารา 2")),
    ("รายงาน", ("เขต 1", "เขต 2", "อื่น ๆ")),
]


@pytest.mark.parametrize(("around", "within"), OFFICE_ALONE)
def test_an_office_that_sends_only_folders_is_one_submission(
    receiving: Receiving, around: str, within: tuple[str, ...]
) -> None:
    folder = receiving.begin()
    files = {f"{around}/{name}/a.pdf": name.encode() for name in within}
    send(receiving, folder, "ส่ง.zip", zipped(files), 1000)
    assert lay_out(folder, LIMITS).submissions == (around,)
    assert laid(folder) == dict(sorted(files.items()))


@pytest.mark.parametrize(("around", "within"), OFFICES)
def test_a_folder_around_offices_is_taken_off_by_their_names(
    receiving: Receiving, around: str, within: tuple[str, ...]
) -> None:
    folder = receiving.begin()
    send(receiving, folder, "ส่ง.zip", zipped({f"{around}/{name}/a.pdf": b"x" for name in within}), 1000)
    assert lay_out(folder, LIMITS).submissions == tuple(sorted(within))


def test_what_is_declared_decides_before_names(receiving: Receiving) -> None:
    folder = receiving.begin()
    files = {f"สพป.ศรีธารา 2/{name}/submission.yaml": b"" for name in ("แผน", "รายงาน")}
    send(receiving, folder, "ส่ง.zip", zipped(files), 1000)
    assert lay_out(folder, LIMITS).submissions == ("รายงาน", "แผน")


def test_a_zip_of_one_office_bears_its_name_and_zips_within_stay(receiving: Receiving) -> None:
    folder = receiving.begin()
    inner = zipped({"ภาพ.pdf": b"x"})
    send(receiving, folder, "สพป.ศรีธารา 2.zip", zipped({"แผน.pdf": b"1", "ภาคผนวก/หลักฐาน.zip": inner}), 1000)
    assert lay_out(folder, LIMITS).submissions == ("สพป.ศรีธารา 2",)
    assert laid(folder)["สพป.ศรีธารา 2/ภาคผนวก/หลักฐาน.zip"] == inner


def test_names_of_thai_windows_are_read(receiving: Receiving) -> None:
    packed = bytearray(zipped({"AAAA/BBBBBB.pdf": b"x"}))
    for plain, thai in ((b"AAAA", "เขตหนึ่ง"[:4]), (b"BBBBBB", "รายงาน")):
        raw = thai.encode("cp874")
        assert len(raw) == len(plain)
        packed = packed.replace(plain, raw)
    folder = receiving.begin()
    send(receiving, folder, "x.zip", bytes(packed), 1000)
    lay_out(folder, LIMITS)
    assert list(laid(folder)) == ["เขตห/รายงาน.pdf"]


def test_what_climbs_out_stays_inside(receiving: Receiving) -> None:
    folder = receiving.begin()
    files = {
        "../../../../evil/a.pdf": b"1",
        "/etc/passwd/b.pdf": b"2",
        "..\\..\\c/d.pdf": b"3",
        "C:\\x\\y.pdf": b"4",
    }
    send(receiving, folder, "x.zip", zipped(files), 1000)
    send(receiving, folder, "../../../outside/e.pdf", b"5")
    lay_out(folder, LIMITS)
    assert sorted(laid(folder).values()) == [b"1", b"2", b"3", b"4", b"5"]
    outside = [
        path for path in receiving.root.parent.rglob("*") if path.is_file() and folder not in path.parents
    ]
    assert outside == []


def test_links_and_locked_files_are_left_out_and_told(receiving: Receiving) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("s1/a.pdf", b"1")
        link = zipfile.ZipInfo("s1/link.pdf")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("s1/locked.pdf", b"2")
    content = bytearray(packed.getvalue())
    central = content.rindex(b"s1/locked.pdf") - 46
    content[central + 8] |= 1
    folder = receiving.begin()
    send(receiving, folder, "x.zip", bytes(content), 1000)
    told = [one.en for one in lay_out(folder, LIMITS).left_out]
    assert any("link.pdf is a link" in one for one in told)
    assert any("locked.pdf is protected" in one for one in told)
    assert list(laid(folder)) == ["s1/a.pdf"]
    assert len(left_out_of(folder)) == 2


def test_a_bomb_is_left_out(receiving: Receiving) -> None:
    folder = receiving.begin()
    bomb = zipped({"s1/a.pdf": b"1", "s1/bomb.pdf": b"\0" * (30 << 20)})
    send(receiving, folder, "x.zip", bomb, 100_000)
    told = lay_out(folder, LIMITS).left_out
    assert [one.en for one in told] == ["s1/bomb.pdf is too large once unpacked, so it was not taken."]
    assert list(laid(folder)) == ["s1/a.pdf"]


def test_a_zip_of_too_many_files_and_a_broken_one_are_refused_and_nothing_is_lost(
    receiving: Receiving,
) -> None:
    folder = receiving.begin()
    send(receiving, folder, "x.zip", zipped({f"s/{at}.pdf": b"1" for at in range(9)}), 1000)
    with pytest.raises(UserError, match="more than 5 files"):
        lay_out(folder, replace(LIMITS, entries=5))
    assert (folder / SENT / "x.zip").exists()
    assert lay_out(folder, LIMITS).submissions == ("s",)
    broken = receiving.begin()
    send(receiving, broken, "y.zip", b"PK\x03\x04 nothing of a zip")
    with pytest.raises(UserError, match="damaged or no ZIP"):
        lay_out(broken, LIMITS)


def test_files_alone_are_no_submission_and_it_says_what_to_do(receiving: Receiving) -> None:
    folder = receiving.begin()
    send(receiving, folder, "แผน.pdf", b"1")
    with pytest.raises(UserError) as refused:
        lay_out(folder, LIMITS)
    assert "โฟลเดอร์ของตนเอง" in refused.value.told("th")


def test_limits_of_a_round(tmp_path: Path) -> None:
    receiving = Receiving(tmp_path / "u", replace(LIMITS, bytes=10, files=2))
    folder = receiving.begin()
    send(receiving, folder, "s/a", b"12345")
    with pytest.raises(UserError, match="at most"):
        receiving.take(folder, "s/b", 0, 6, b"123456")
    send(receiving, folder, "s/b", b"1")
    with pytest.raises(UserError, match="at most 2 files"):
        receiving.take(folder, "s/c", 0, 1, b"1")
    again = Receiving(tmp_path / "u", replace(LIMITS, bytes=10, files=2))
    with pytest.raises(UserError, match="at most 2 files"):
        again.take(folder, "s/c", 0, 1, b"1")


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    receiving = Receiving(tmp_path / "u", replace(LIMITS, spare_bytes=1 << 60))
    with pytest.raises(KhetcheckError, match="too little room"):
        receiving.take(receiving.begin(), "s/a", 0, 1, b"1")


def test_a_piece_that_comes_twice_is_taken_once_and_a_lost_one_is_asked_for(receiving: Receiving) -> None:
    folder = receiving.begin()
    assert receiving.take(folder, "s/a", 0, 6, b"12") == 2
    assert receiving.take(folder, "s/a", 4, 6, b"56") == 2
    assert receiving.take(folder, "s/a", 2, 6, b"34") == 4
    assert receiving.take(folder, "s/a", 2, 6, b"34") == 4
    assert list((folder / SENT).rglob("a")) == [], "a file is there once it is whole"
    assert receiving.take(folder, "s/a", 4, 6, b"56") == 6
    assert (folder / SENT / "s" / "a").read_bytes() == b"123456"
    with pytest.raises(UserError):
        receiving.take(folder, "s/b", 0, 1, b"12")


def test_a_file_is_mended_and_the_old_one_is_kept_aside(receiving: Receiving) -> None:
    folder = receiving.begin()
    send(receiving, folder, "s1/ภาคผนวก/แผน.pdf", b"broken")
    send(receiving, folder, "s2/a.pdf", b"1")
    lay_out(folder, LIMITS)
    receiving.clear(folder)
    send(receiving, folder, "แผน ฉบับแก้.pdf", b"whole")
    assert mend(folder, "s1", "ภาคผนวก/แผน.pdf") == 1
    assert [one.place for one in files_of(folder, "s1")] == ["ภาคผนวก/แผน ฉบับแก้.pdf"]
    assert [path.read_bytes() for path in (folder / "replaced").rglob("*.pdf")] == [b"broken"]
    with pytest.raises(UserError):
        mend(folder, "s1")
    for name, place in (("s9", ""), ("../sent", ""), ("s1", "../s2/a.pdf")):
        send(receiving, folder, "x.pdf", b"x")
        with pytest.raises(NotFoundError):
            mend(folder, name, place)
    assert laid(folder)["s2/a.pdf"] == b"1"


@given(st.text(min_size=1, max_size=400))
@settings(max_examples=300, deadline=None)
def test_every_name_has_a_harmless_place(name: str) -> None:
    place = place_of(name)
    if place is None:
        return
    assert not place.is_absolute() and ".." not in place.parts
    assert all(0 < len(part.encode()) <= MOST_BYTES and "\0" not in part for part in place.parts)
    assert place_of(str(place)) == place


@given(files=st.dictionaries(st.text(min_size=1, max_size=60), st.binary(max_size=20), max_size=6))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_zip_writes_outside_its_folder(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    room = tmp_path_factory.mktemp("zip")
    path, into = room / "x.zip", room / "into"
    into.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name.encode("utf-8", "replace").decode()), content)
    unpacked = unpack_here(path, into, LIMITS, "x.zip")
    written = [one for one in room.rglob("*") if one.is_file() and one != path]
    assert all(into in one.parents for one in written)
    assert len(written) == unpacked.files
