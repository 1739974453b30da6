"""Names that another encoding wrote: the letters they were meant for, on a disk and in a zip alike."""

import os
import zipfile
from io import BytesIO

import pytest

from pipeline.encoded_names import readable
from pipeline.reading.child.archive import entry_name


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("รายงาน.docx".encode("cp874"), "รายงาน.docx"),
        ("ยก เขต ๑".encode("cp874"), "ยก เขต ๑"),
        ("รายงาน.docx".encode(), "รายงาน.docx"),
        ("café.pdf".encode("latin-1"), "café.pdf"),
        ("รายงาน".encode()[:-1], "รายงา\ufffd\ufffd"),
        (b"a\xff\xfeb", "a\ufffd\ufffdb"),
        ("แผน.pdf".encode("cp874"), "แผน.pdf"),
        ("报告.pdf".encode(), "报告.pdf"),
        ("ἁπλῶς.pdf".encode(), "ἁπλῶς.pdf"),
    ],
    ids=[
        "tis-620",
        "tis-620 that looks like utf-8",
        "utf-8",
        "latin-1",
        "cut in mid-letter",
        "no text",
        "tis-620 that is utf-8",
        "chinese",
        "greek",
    ],
)
def test_bytes_become_the_letters_they_were_meant_for(raw: bytes, shown: str) -> None:
    assert readable(os.fsdecode(raw)) == shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("แผน.docx".encode("cp874"), "แผน.docx"),
        ("แผน/รายงาน.docx".encode("cp874"), "แผน/รายงาน.docx"),
        ("แผน".encode() + "/รายงาน.docx".encode("cp874"), "แผน/รายงาน.docx"),
        ("รายงาน.docx".encode(), "รายงาน.docx"),
        ("é.docx".encode("cp437"), "é.docx"),
        (b"plan.docx", "plan.docx"),
    ],
    ids=["tis-620 that is utf-8", "a folder of that name", "both", "utf-8", "cp437", "ascii"],
)
def test_a_zips_member_is_named_as_the_same_file_on_a_disk_would_be(raw: bytes, shown: str) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("A" * len(raw), "")
    with zipfile.ZipFile(BytesIO(out.getvalue().replace(b"A" * len(raw), raw))) as archive:
        assert entry_name(archive.infolist()[0]) == shown
