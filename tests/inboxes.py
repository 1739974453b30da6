"""Small inboxes for tests: Word files of a few Thai paragraphs, quick to make and to read."""

from collections.abc import Sequence
from pathlib import Path

from docx import Document

PLAN = (
    "แผนปฏิบัติการประจำปีงบประมาณ พ.ศ. 2565",
    "คณะกรรมการจัดทำแผนประชุมร่วมกับผู้แทนครู 45 คน เมื่อวันที่ 12 กันยายน 2564 เพื่อกำหนดโครงการ",
)
REPORT = (
    "รายงานผลการดำเนินงาน ปีงบประมาณ พ.ศ. 2565",
    "ผู้อำนวยการสำนักงานเขตพื้นที่ประชุมติดตามงานทุกเดือน รวม 12 ครั้ง และสั่งปรับแผนงานของทุกกลุ่มตามผลการติดตาม",
    "สำนักงานเผยแพร่ข่าวผ่านเว็บไซต์ เพจเฟซบุ๊ก และไลน์ มีผู้ติดตาม 4,215 คน และมีภาคีเครือข่ายบริจาค 120,000 บาท",
)


def word(path: Path, paragraphs: Sequence[str]) -> Path:
    """Write a Word file; the first paragraph is its title."""
    document = Document()
    document.add_heading(paragraphs[0], 0)
    for paragraph in paragraphs[1:]:
        document.add_paragraph(paragraph)
    path.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(path))
    return path


def submission(
    inbox: Path, name: str, office: str = "", extra: Sequence[str] = (), declare: bool = True
) -> Path:
    """Write one submission with a plan and a report; returns its folder."""
    office = (
        office or f"สำนักงานเขตพื้นที่การศึกษาประถมศึกษาตัวอย่าง เขต {int(name[-2:]) if name[-2:].isdecimal() else 1}"
    )
    folder = inbox / name
    word(folder / "plan.docx", [*PLAN, f"แผนของ{office}"])
    word(folder / "report.docx", [*REPORT, f"รายงานของ{office}", *extra])
    if declare:
        documents = "- {file: plan.docx, kind: plan}\n- {file: report.docx, kind: report}\n"
        text = f"office: {office}\nfiscal_year: 2565\ndocuments:\n{documents}"
        (folder / "submission.yaml").write_text(text, encoding="utf-8")
    return folder


def make(inbox: Path, count: int) -> Path:
    """Write an inbox of ``count`` submissions s01, s02, …"""
    for number in range(1, count + 1):
        submission(inbox, f"s{number:02}")
    return inbox
