"""Makes small submissions of an office that look like the real ones: plan, report, annex, with projects, dates and numbers."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from models.passages import DocumentKind
from models.text.office_table import KnownOffice, office_table
from pipeline.blocks import Block, BlockType, DocumentReading, Problem
from pipeline.findings.detected import Held

YEAR = 2565
MONTHS = (
    ("ตุลาคม", "ต.ค."), ("พฤศจิกายน", "พ.ย."), ("ธันวาคม", "ธ.ค."), ("มกราคม", "ม.ค."), ("กุมภาพันธ์", "ก.พ."), ("มีนาคม", "มี.ค."),
    ("เมษายน", "เม.ย."), ("พฤษภาคม", "พ.ค."), ("มิถุนายน", "มิ.ย."), ("กรกฎาคม", "ก.ค."), ("สิงหาคม", "ส.ค."), ("กันยายน", "ก.ย."),
)  # fmt: skip
"""In the order of a fiscal year."""
AIMS = (
    "พัฒนา", "ส่งเสริม", "ยกระดับ", "ขับเคลื่อน", "เสริมสร้าง", "นิเทศ ติดตาม และประเมินผล", "อบรมเชิงปฏิบัติการ", "สร้างเครือข่าย",
)  # fmt: skip
THINGS = (
    "คุณภาพผู้เรียนด้านการอ่านการเขียน", "สมรรถนะครูผู้สอนวิทยาการคำนวณ", "ระบบสารบรรณอิเล็กทรอนิกส์ของสำนักงาน", "โรงเรียนคุณธรรมในสังกัด",
    "ระบบดูแลช่วยเหลือนักเรียน", "การบริหารจัดการโรงเรียนขนาดเล็ก", "การจัดการเรียนรู้เชิงรุก", "ความปลอดภัยในสถานศึกษา", "การประกันคุณภาพภายใน",
    "การศึกษาพิเศษเรียนรวม", "สวนพฤกษศาสตร์โรงเรียน", "ภาวะผู้นำของผู้บริหารสถานศึกษา", "ห้องสมุดมีชีวิต",
    "ทักษะอาชีพของนักเรียน", "การใช้จ่ายงบประมาณอย่างคุ้มค่า",
    "ข้อมูลสารสนเทศเพื่อการบริหาร", "ธรรมาภิบาลและการต่อต้านการทุจริต", "การสอนภาษาอังกฤษระดับประถม", "งานวิชาการปฐมวัย",
    "การจัดการขยะในโรงเรียน",
)  # fmt: skip
TAILS = (
    "",
    "",
    " ในศตวรรษที่ 21",
    " สู่ความเป็นเลิศ",
    " อย่างมีส่วนร่วม",
    " ด้วยกระบวนการ PLC",
    " บนฐานวิถีใหม่",
    " โดยใช้พื้นที่เป็นฐาน",
)
TELLINGS = (
    "กลุ่ม{group}จัดประชุม{who} เมื่อวันที่ {date} ณ ห้องประชุม{room} เพื่อ{aim}{thing} มีข้อสรุป {n} ข้อ",
    "{who}จำนวน {n} คน ลงพื้นที่นิเทศโรงเรียนในสังกัด {m} แห่ง ระหว่างวันที่ {date} พบว่า{thing}ดีขึ้นกว่าภาคเรียนก่อน",
    "จากการติดตามเมื่อ {date} โรงเรียน {m} แห่งนำแนวทาง{thing}ไปใช้ในแผนการจัดการเรียนรู้ และรายงานผลกลับมาที่กลุ่ม{group}",
    "คณะทำงานที่ผู้อำนวยการแต่งตั้งได้วิเคราะห์ข้อมูล{thing}ย้อนหลัง แล้วเสนอที่ประชุม{who} วันที่ {date} เห็นชอบให้ปรับปรุง {n} เรื่อง",
    "ผลการดำเนินงาน{thing} มีสถานศึกษาเข้าร่วม {m} แห่ง คิดเป็นร้อยละ {p} ของทั้งหมด กลุ่ม{group}สรุปบทเรียนเมื่อ {date}",
    "ใน{date} กลุ่ม{group}ส่งแบบสำรวจเรื่อง{thing}ให้โรงเรียนทุกแห่ง ได้รับคืน {m} ฉบับ และนำไปจัดลำดับความสำคัญ",
)
GROUPS = (
    "นโยบายและแผน",
    "นิเทศติดตามและประเมินผล",
    "บริหารงานบุคคล",
    "อำนวยการ",
    "ส่งเสริมการจัดการศึกษา",
    "บริหารงานการเงินและสินทรัพย์",
)
WHO = ("ผู้บริหารสถานศึกษา", "ศึกษานิเทศก์", "คณะกรรมการติดตาม", "ครูวิชาการ", "บุคลากรในสำนักงาน", "ประธานกลุ่มโรงเรียน")
ROOMS = ("ราชพฤกษ์", "ชัยพฤกษ์", "บุญนาค", "เฟื่องฟ้า", "ปาริชาต", "ลีลาวดี", "อินทนิล")


@dataclass(frozen=True)
class Project:
    """A project as plan and report tell it."""

    name: str
    budget: int
    people: int
    quarter: int


@dataclass
class Paper:
    """A document being made: its blocks may be changed before it becomes a reading."""

    file: str
    kind: DocumentKind
    blocks: list[Block] = field(default_factory=list)
    problems: tuple[Problem, ...] = ()
    links: tuple[str, ...] = ()

    def add(self, text: str, kind: BlockType = "paragraph", header: str = "", **given: object) -> None:
        """Add a block at the end; twelve make a page."""
        page = 1 + len(self.blocks) // 12
        self.blocks.append(Block(page, kind, text, table_header=header, **given))  # type: ignore[arg-type]

    def insert(self, rng: random.Random, text: str, kind: BlockType = "paragraph", **given: object) -> None:
        """Put a block somewhere behind the title page."""
        place = rng.randrange(min(13, len(self.blocks)), len(self.blocks) + 1)
        page = self.blocks[place - 1].page if place else 1
        self.blocks.insert(place, Block(page, kind, text, **given))  # type: ignore[arg-type]

    def held(self) -> Held:
        """Return the document as a detector is given it."""
        body = "\n".join(block.text for block in self.blocks) + self.file
        digest = f"{abs(hash(body)):064x}"[-64:]
        read_by = "text" if self.blocks else "failed"
        pages = max((block.page or 1 for block in self.blocks), default=None)
        reading = DocumentReading(
            self.file,
            digest,
            pages,
            read_by,
            tuple(self.blocks),
            self.problems,
            links=self.links,  # type: ignore[arg-type]
        )
        return Held(reading, self.kind)


class Maker:
    """Draws everything of one office from one generator."""

    def __init__(self, rng: random.Random, office: KnownOffice | None = None, year: int = YEAR) -> None:
        self.rng, self.year = rng, year
        self.office = office or rng.choice(office_table())
        things = rng.sample(THINGS, 9)
        self.projects = [
            Project(
                f"โครงการ{rng.choice(AIMS)}{thing}{rng.choice(TAILS)}",
                rng.randrange(8, 400) * 500,
                rng.randrange(24, 280),
                rng.randrange(1, 5),
            )
            for thing in things
        ]

    def date(self, year: int | None = None) -> str:
        """A day of the fiscal year, written in one of the ways in use."""
        month = self.rng.randrange(12)
        buddhist = (year or self.year) - (month < 3)
        long, short = MONTHS[month]
        day = self.rng.randrange(1, 29)
        form = self.rng.choice(("{d} {l} {y}", "{d} {l} พ.ศ. {y}", "{d} {s} {yy}", "{d} {s}{y}"))
        told = form.format(d=day, l=long, s=short, y=buddhist, yy=buddhist % 100)
        return thai_digits(told) if self.rng.random() < 0.2 else told

    def telling(self, year: int | None = None) -> str:
        """A sentence of practice."""
        rng = self.rng
        return rng.choice(TELLINGS).format(
            group=rng.choice(GROUPS), who=rng.choice(WHO), date=self.date(year), room=rng.choice(ROOMS), aim=rng.choice(AIMS),
            thing=rng.choice(THINGS), n=rng.randrange(2, 9), m=rng.randrange(12, 160), p=rng.randrange(40, 99),
        )  # fmt: skip

    def plan(self, projects: Sequence[Project] | None = None, title: str | None = None) -> Paper:
        """A plan: title page, some prose, the projects as a table or one by one."""
        paper = Paper(self.rng.choice(("แผนปฏิบัติการ.pdf", "plan.docx", "แผนปฏิบัติราชการ.pdf")), "plan")
        paper.add(title or f"แผนปฏิบัติการประจำปีงบประมาณ พ.ศ. {self.year}", "heading")
        paper.add(self.office.name)
        for _ in range(10):
            paper.add(
                self.rng.choice(("สำนักงานมุ่งมั่น", "แผนฉบับนี้จัดทำขึ้นเพื่อ", "การจัดสรรงบประมาณคำนึงถึง"))
                + self.rng.choice(THINGS)
            )
        self._projects(paper, self.projects if projects is None else projects)
        return paper

    def _projects(self, paper: Paper, projects: Sequence[Project]) -> None:
        if self.rng.random() < 0.5:
            header = self.rng.choice(
                (
                    "| ที่ | โครงการ | งบประมาณ (บาท) | ผู้รับผิดชอบ |",
                    "| ลำดับ | ชื่อโครงการ/กิจกรรม | งบประมาณ | ไตรมาส |",
                )
            )
            paper.add(header, "table_row")
            for number, one in enumerate(projects, 1):
                last = f"ไตรมาส {one.quarter}" if "ไตรมาส" in header else self.rng.choice(GROUPS)
                paper.add(f"| {number} | {one.name} | {one.budget:,} | {last} |", "table_row", header)
            return
        for number, one in enumerate(projects, 1):
            form = self.rng.choice(
                (
                    "{n}. {name} งบประมาณ {b:,} บาท",
                    "{name} วงเงินงบประมาณ {b:,} บาท กลุ่มเป้าหมาย {p} คน",
                    "{n}) {name} ได้รับจัดสรรงบประมาณ {b:,}.00 บาท",
                )
            )
            paper.add(form.format(n=number, name=one.name, b=one.budget, p=one.people), "list_item")

    def report(
        self, projects: Sequence[Project] | None = None, title: str | None = None, year: int | None = None
    ) -> Paper:
        """A report that tells every project, and some practice."""
        rng = self.rng
        paper = Paper(rng.choice(("รายงานผลการดำเนินงาน.pdf", "report.docx", "รายงานผล.pdf")), "report")
        paper.add(title or f"รายงานผลการดำเนินงาน ประจำปีงบประมาณ พ.ศ. {self.year}", "heading")
        paper.add(self.office.name)
        for _ in range(10):
            paper.add(self.telling(year))
        for one in self.projects if projects is None else projects:
            form = rng.choice(
                (
                    "{name} จัดเมื่อวันที่ {d} มีผู้เข้าร่วม {p} คน เบิกจ่าย {s:,} บาท",
                    "ผลการดำเนินงานตาม{name} งบประมาณที่ได้รับ {b:,} บาท ดำเนินการแล้วเสร็จใน{d}",
                    "สำนักงานได้จัด{name}ขึ้นเมื่อ {d} โดยมีผู้เข้ารับการอบรมจำนวน {p} คน",
                )
            )
            paper.add(
                form.format(
                    name=one.name,
                    d=self.date(year),
                    p=one.people,
                    b=one.budget,
                    s=one.budget - rng.randrange(0, 900),
                )
            )
        for _ in range(4):
            paper.add(self.telling(year))
        return paper

    def annex(self) -> Paper:
        """An annex: pictures and minutes."""
        paper = Paper(self.rng.choice(("ภาคผนวก.pdf", "annex.docx", "ภาพกิจกรรม.pdf")), "other")
        for _ in range(9):
            paper.add(
                self.rng.choice(("ภาพการประชุม", "ภาพประกอบ", "บันทึกการประชุม"))
                + self.rng.choice(THINGS)
                + f" {self.date()}",
                "caption",
            )
        return paper

    def papers(self) -> list[Paper]:
        """A whole submission in which nothing is wrong."""
        return [self.plan(), self.report(), self.annex()]


def thai_digits(text: str) -> str:
    """Return the text with Thai digits."""
    return text.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))


def edited(rng: random.Random, text: str, share: float) -> str:
    """Return the text with this share of its words put in other words' places."""
    from models.text.tokenizer import segment

    words = segment(text)
    places = [at for at, word in enumerate(words) if word.strip()]
    for at in rng.sample(places, max(1, round(share * len(places)))):
        words[at] = rng.choice(segment(rng.choice(THINGS)))
    return "".join(words)


def renamed(paper: Paper, file: str) -> Paper:
    """Return a copy under another name."""
    return replace(paper, file=file, blocks=list(paper.blocks))
