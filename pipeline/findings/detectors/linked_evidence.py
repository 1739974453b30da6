"""Evidence that is given as a link, a code to scan or a video, where nobody could read it.

Letterheads, contact lines and the telling that something was published on a web site are no evidence handed in, so a link
counts only where the words beside it, or the column it stands in, offer it as evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.text.tokenizer import normalise
from pipeline.blocks import Block
from pipeline.drafts import Finding
from pipeline.findings.detected import Submitted, found
from rubric.language import Bilingual

MOST = 20
"""Findings of one document; the rest are told in the last one."""
_ADDRESS = re.compile(
    r"https?://|www\.|youtu\.?be|drive\.google|docs\.google|bit\.ly|tinyurl|onedrive|1drv\.ms|fb\.watch|padlet"
    r"|canva\.com|[a-z0-9-]{2,}\.(?:com|net|org|gg|me)/"
)
_CODE = re.compile(r"q\s?r\s*-?\s*code|คิว\s*อาร์|สแกนเพื่อ|สแกนที่นี่")
_VIDEO = re.compile(r"คลิป|วี?ดิทัศน์|วิดีโอ|วีดีโอ|วิดิโอ|วีดิโอ|\bvdo\b|\bvideo\b|\bclip\b")
_OFFERED = re.compile(
    r"หลักฐาน|ร่องรอย|อ้างอิง|รายละเอียด|ภาพกิจกรรม|ประมวลภาพ|อัลบั้ม|ไฟล์แนบ|เอกสารแนบ|แนบท้าย|รับชม|ชมได้|ดูได้|ดูเพิ่มเติม"
    r"|ดาวน์โหลด|ดาวโหลด|เข้าถึงได้|เข้าดู|เปิดดู|เอกสารประกอบ|ผลงานเชิงประจักษ์|เอกสารฉบับเต็ม|ฉบับเต็ม|แฟ้มผลงาน"
)
_CONTACT = re.compile(
    r"โทรศัพท์|โทรสาร|\bโทร\b|โทร\.|e-?mail|อีเมล|อีเมล์|ไปรษณีย์อิเล็กทรอนิกส์|ติดต่อ|สอบถาม|ร้องเรียน|แจ้งเบาะแส|ที่อยู่|ถนน"
)
_PUBLISHED = re.compile(r"เผยแพร่|ประชาสัมพันธ์|ประกาศทาง|ช่องทาง")
_COLUMN = re.compile(r"หลักฐาน|ร่องรอย|อ้างอิง|ลิงก์|ลิงค์|\blink\b|\burl\b|q\s?r|เอกสารประกอบ")
_LISTED = re.compile(r"บรรณานุกรม|เอกสารอ้างอิง|แหล่งข้อมูลเพิ่มเติม|สื่อการเรียนรู้")


def linked_evidence(submitted: Submitted) -> Iterator[Finding]:
    """Tell of each passage that hands its evidence in behind a link, a code or in a video."""
    for held in submitted.documents:
        offered = [block for block in held.reading.blocks if _is_offered(block)]
        for place, block in enumerate(offered[:MOST], 1):
            more = len(offered) - MOST if place == MOST else 0
            yield _told(held.reading.file, block, more)


def _is_offered(block: Block) -> bool:
    text = normalise(block.text)
    link = _ADDRESS.search(text) is not None or _CODE.search(text) is not None
    if not link and not _VIDEO.search(text):
        return False
    if any(_LISTED.search(heading) for heading in block.heading_path):
        return False
    offered = _OFFERED.search(text) is not None
    if link and block.table_header and _COLUMN.search(normalise(block.table_header)):
        return not _CONTACT.search(text)
    if not offered or _CONTACT.search(text):
        return False
    if not link:
        return _names_video_as_evidence(text)
    return not (_PUBLISHED.search(text) and not re.search(r"หลักฐาน|ร่องรอย|ดูได้|รับชม|ดาวน์โหลด", text))


def _names_video_as_evidence(text: str) -> bool:
    """Tell whether a video is what is handed in ("หลักฐาน: คลิปการประชุม"), not what an activity made or used."""
    return (
        re.search(
            r"(?:หลักฐาน|ร่องรอย|เอกสารแนบ|ไฟล์แนบ|อ้างอิง)[^.|]{0,40}(?:คลิป|วี?ดิทัศน์|วิดีโอ|วีดีโอ|วีดิโอ|vdo|video)",
            text,
        )
        is not None
        or re.search(r"(?:รับชม|ชมได้|ดูได้|เปิดดู)[^.|]{0,40}(?:คลิป|วี?ดิทัศน์|วิดีโอ|วีดีโอ|วีดิโอ|vdo|video)", text)
        is not None
        or re.search(
            r"(?:คลิป|วี?ดิทัศน์|วิดีโอ|วีดีโอ|วีดิโอ|vdo|video)[^.|]{0,40}(?:เป็นหลักฐาน|ตามแนบ|แนบท้าย|ดังแนบ)", text
        )
        is not None
    )


def _told(file: str, block: Block, more: int) -> Finding:
    thai = f" และยังมีอีก {more} ข้อความ" if more else ""
    english = f" There are {more} more such passages." if more else ""
    return found(
        "linked_evidence",
        Bilingual(
            f"หลักฐานของข้อความนี้อยู่หลังลิงก์ คิวอาร์โค้ด หรือในวิดีโอ ซึ่งระบบไม่ได้เปิดอ่าน โปรดเปิดดู หรือขอเป็นไฟล์เอกสาร{thai}",
            "The evidence of this passage lies behind a link or a code, or in a video, and was not opened. "
            f"Please look at it, or ask for a file.{english}",
        ),
        file,
        block,
    )
