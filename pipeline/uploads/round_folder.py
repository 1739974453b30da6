"""One folder that holds only folders: the round, with an office in each of them, or one office that keeps its files in order.

Both are sent. What is declared decides first, then whose name a folder bears, then whether the folders within are named
as the parts of one submission are. Where nothing is told they are taken for offices, as the page asks them to be sent.
"""

from __future__ import annotations

import re
from pathlib import Path

from models.text.offices import mentions
from pipeline.intake.declared import FILE_NAMES
from pipeline.intake.names import is_clutter, safe_name

_PART = re.compile(
    r"(?i)^[\W\d_]*(เอกสาร|หลักฐาน|ภาคผนวก|แผน|รายงาน|ผลการ|โครงการ|ประเด็น|ตัวชี้วัด|ข้อที่|ภาพ|รูป|คำสั่ง|หนังสือ|อื่น|แบบฟอร์ม|สรุป|"
    r"annex|append|attach|document|evidence|image|indicator|misc|other|photo|picture|plan|point|report|scan|summary)"
)
"""How the folders within one submission are named: by kind of document or by point, also numbered."""


def is_around(folder: Path) -> bool:
    """Tell whether ``folder`` lies around the folders of several submissions and is none itself."""
    within = [path for path in folder.iterdir() if not is_clutter(path.name)]
    if len(within) < 2 or not all(path.is_dir() for path in within):
        return False
    if any((path / name).is_file() for path in within for name in FILE_NAMES):
        return True
    names = [safe_name(path.name) for path in within]
    if any(mentions(name) for name in names):
        return True
    if mentions(safe_name(folder.name)):
        return False
    return 2 * sum(bool(_PART.match(name)) for name in names) <= len(names)
