"""A small store for the review page's tests: made-up offices, texts and drafts, and a real PDF where one is looked at."""

import hashlib
import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import docx
import docx.document
import docx.shared
from sqlalchemy.orm import Session

from pipeline.blocks import Block, Box, DocumentReading
from pipeline.drafts import (
    Attention,
    DocumentOutcome,
    Draft,
    Evidence,
    Finding,
    Keyword,
    PointDraft,
    Sentence,
)
from pipeline.intake.files import LocalFiles
from pipeline.liveness import Whereabouts
from pipeline.reading import DEFAULT_LIMITS, READER_VERSION, libreoffice, read_file
from pipeline.store.database import Store
from pipeline.store.drafts import save_draft
from pipeline.store.readings import save_reading
from pipeline.store.submissions import Filed, Intake, record_delivery
from pipeline.store.tables import Submission
from pipeline.store.work import runs
from pipeline.store.work.claims import Lease
from rubric import load_rubric

RUBRIC = load_rubric("esa-2560-1.1")


@dataclass(frozen=True)
class Statement:
    """A made-up passage: what it says and what the draft takes it for."""

    point: int
    text: str
    role: str = "practice"
    facets: tuple[str, ...] = ()
    detail: bool = True
    keyword: str = ""


STATEMENTS = (
    Statement(
        1,
        "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษาออกติดตามงานตามทิศทางที่กำหนดร่วมกันทุกไตรมาส รวม 4 ครั้ง พบครูและผู้บริหารโรงเรียน 86 แห่ง",
        facets=("a",),
        keyword="ผู้อำนวยการ",
    ),
    Statement(1, "ผลการประเมิน ITA ปีงบประมาณ 2565 ได้ 94.17 คะแนน อยู่ในระดับ A", facets=("b",), keyword="ITA"),
    Statement(
        1,
        "จัดรถรับครูบนดอยของเครือข่ายแม่ฟ้าใสให้ตรงกับสภาพพื้นที่สูง ใช้รถ 3 คัน ตั้งแต่วันที่ 17 พฤษภาคม 2565",
        facets=("c",),
        keyword="พื้นที่",
    ),
    Statement(
        2,
        "ระบบฐานข้อมูลกลางของเขตเก็บข้อมูลครบทั้ง 4 ด้าน ปรับปรุงทุกวันที่ 10 มิถุนายนและ 10 พฤศจิกายน",
        facets=("a", "b", "c"),
        keyword="ฐานข้อมูล",
    ),
    Statement(
        2,
        "ใช้ข้อมูลนักเรียนยากจนจากฐานข้อมูลคัดเลือกโรงเรียนเป้าหมาย 12 แห่งเพื่อจัดสรรครูเพิ่ม",
        facets=("d",),
        keyword="ใช้ข้อมูล",
    ),
    Statement(
        3,
        "คณะทำงานติดตามแผนปฏิบัติการรายไตรมาสและโอนงบประมาณ 120,000 บาทไปยังโครงการอ่านออกเขียนได้",
        facets=("a",),
        keyword="ติดตามแผน",
    ),
    Statement(
        3,
        "ประชุมเชิงปฏิบัติการจัดทำแผนเมื่อวันที่ 21–22 กันยายน 2564 มีผู้แทนครู กรรมการสถานศึกษา และชุมชน 74 คน",
        facets=("b",),
        keyword="ประชุมเชิงปฏิบัติการ",
    ),
    Statement(3, "แผนสอดคล้องกับนโยบายทุกระดับ", facets=("c",), detail=False, keyword="สอดคล้อง"),
    Statement(
        4,
        "พัฒนาระบบจองรถและห้องประชุมออนไลน์ ลดเวลาจาก 2 วันเหลือ 10 นาที มีผู้ใช้ 312 คน",
        facets=("a", "c", "d:บริหารทั่วไป"),
        keyword="พัฒนาระบบ",
    ),
    Statement(
        5,
        "เผยแพร่ข่าวทางเพจเฟซบุ๊ก เว็บไซต์ และ LINE OA มีผู้ติดตาม 15,420 คน",
        facets=("a:ภายนอก", "b", "c"),
        keyword="ผู้ติดตาม",
    ),
    Statement(5, "จะจัดทำจดหมายข่าวภายในทุกเดือนในปีต่อไป", role="intent", detail=False, keyword="จดหมายข่าว"),
)
FILLER = (
    "ความเป็นมาของสำนักงานและเขตบริการที่ดูแลโรงเรียนในสังกัด",
    "น้ำ ที่ ปู่ ญาติ ฐาน ทุก ๆ กรุงเทพฯ ก.ศ.น. ๒๕๖๘ และข้อความภาษาอังกฤษ Office Report",
    "โครงสร้างการบริหารงานแบ่งเป็นกลุ่มงานตามประกาศกระทรวงศึกษาธิการ",
    "รายงานผลการดำเนินงานเสนอที่ประชุมผู้บริหารสถานศึกษาเมื่อวันที่ 14 ตุลาคม 2565 จำนวน 86 คน",
)
UNFOUND = (6,)
STATES = {
    1: (True, True),
    2: (True, True),
    3: (True, False),
    4: (True, False),
    5: (True, False),
    6: (False, False),
}


@dataclass(frozen=True)
class Sent:
    """A document of a made-up case."""

    reading: DocumentReading
    kind: str
    content: bytes


def plain_document(name: str = "report.pdf", kind: str = "report", extra: Sequence[str] = ()) -> Sent:
    """A document without a real file: two pages of blocks with plausible boxes."""
    texts = [*FILLER[:2], *(statement.text for statement in STATEMENTS), *FILLER[2:], *extra]
    blocks = []
    for at, text in enumerate(texts):
        page, row = at // 12 + 1, at % 12
        top = 60.0 + 55 * row
        blocks.append(
            Block(page, "paragraph", text, (Box(60, top, 520, top + 18), Box(60, top + 22, 300, top + 40)))
        )
    content = f"%PDF-none {name} {len(texts)} {''.join(extra)}".encode()
    digest = hashlib.sha256(content).hexdigest()
    reading = DocumentReading(name, digest, 2, "text", tuple(blocks), page_sizes=((595, 842), (595, 842)))
    return Sent(reading, kind, content)


def word_document(name: str = "evidence.docx") -> Sent:
    """A real Word file, read by the reader."""
    made = _thai_document()
    made.add_heading("เอกสารประกอบ", 1)
    for statement in STATEMENTS[3:6]:
        made.add_paragraph(statement.text + " (จากแฟ้มประกอบ)")
    buffer = io.BytesIO()
    made.save(buffer)
    return _read(name, "other", buffer.getvalue())


def pdf_document(work: Path, name: str = "report.pdf", pages: int = 3) -> Sent:
    """A real PDF in Thai, made by LibreOffice and read by the reader."""
    made = _thai_document()
    for page in range(1, pages + 1):
        heading, *texts = _texts_of(page, pages)
        made.add_heading(heading, 2)
        for text in texts:
            made.add_paragraph(text)
        if page < pages:
            made.add_page_break()
    source = work / f"{name}.docx"
    made.save(str(source))
    return _read(name, "report", libreoffice.as_pdf(source, work, limits=DEFAULT_LIMITS).read_bytes())


def _thai_document() -> docx.document.Document:
    """An empty Word file in the type of Thai offices."""
    made = docx.Document()
    made.styles["Normal"].font.name = "Laksaman"
    made.styles["Normal"].font.size = docx.shared.Pt(16)
    return made


def store_case(
    store: Store,
    home: Path,
    name: str,
    office: str = "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต 2",
    documents: Sequence[Sent] = (),
    key: str = "สพป.ศรีธารา 2",
    number: int = 1,
    abstained: bool = False,
    model: str = "words-1",
    most: int = 1000,
) -> int:
    """Store a submission with its draft; returns its number."""
    sent = list(documents) or [plain_document()]
    files = LocalFiles(home / "files")
    for one in sent:
        files.put(io.BytesIO(one.content))
    intake = Intake(
        name=name,
        url="",
        files_key=hashlib.sha256(f"{name}{number}".encode()).hexdigest(),
        office=office,
        office_key=key,
        province="ศรีธารา",
        fiscal_year=2565,
    )
    with store.transaction() as session:
        filed = [_filed(session, one) for one in sent]
        delivery = record_delivery(session, intake, filed)
        save_draft(session, draft_of(name, office, sent, abstained, model, most), delivery, seconds=3.0)
        return session.query(Submission).filter(Submission.name == name).one().id


def draft_of(
    name: str,
    office: str,
    sent: Sequence[Sent],
    abstained: bool = False,
    model: str = "words-1",
    most: int = 1000,
) -> Draft:
    """The draft of the made-up texts: points 1 and 2 clear, 3 to 5 done, 6 not found."""
    points = tuple(_point(number, sent, most) for number in RUBRIC.numbers)
    return Draft(
        submission=name,
        office=office,
        fiscal_year=2565,
        province="ศรีธารา",
        score=1,
        score_of_points=1,
        score_probabilities={"1": 0.62, "2": 0.2, "3": 0.1, "4": 0.05, "5": 0.03},
        needs_attention=("คะแนนก้ำกึ่ง",),
        attention=(
            Attention(
                code="near_cut",
                message=Sentence(
                    th="คะแนนก้ำกึ่งระหว่าง 1 กับ 2", en="The score is near the cut between 1 and 2."
                ),
            ),
        ),
        abstained=abstained,
        documents=tuple(_outcome(one) for one in sent),
        findings=(
            Finding(
                kind="wrong_fiscal_year",
                message="รายงานกล่าวถึงปีงบประมาณ 2564",
                message_en="The report speaks of fiscal year 2564.",
                document=sent[0].reading.file,
                page=1,
                quote="ปีงบประมาณ 2564",
            ),
        ),
        points=points,
        rubric=RUBRIC.name,
        model=model,
        reader=READER_VERSION,
    )


def _point(number: int, sent: Sequence[Sent], most: int) -> PointDraft:
    done, clear = STATES[number]
    mine = [
        evidence
        for statement in STATEMENTS
        if statement.point == number
        for evidence in _evidence(statement, sent)
    ]
    near = _near(sent) if number in UNFOUND else ()
    return PointDraft(
        point=number,
        done=done,
        done_probability=0.96 if done else 0.22,
        clear=clear,
        clear_probability=0.9 if clear else 0.2,
        missing_facets=() if clear else ("b",),
        evidence=tuple(mine[:most]),
        nearest_misses=near,
        reason=Sentence(
            th="พบหลักฐานที่มีรายละเอียด" if done else "ไม่พบข้อความที่รายงานผล",
            en="Evidence with detail was found." if done else "No passage reports results.",
        ),
    )


def _evidence(statement: Statement, sent: Sequence[Sent]) -> list[Evidence]:
    found = []
    for one in sent:
        for position, block in enumerate(one.reading.blocks):
            if not _tells(block, statement.text):
                continue
            start = block.text.find(statement.keyword)
            words = (
                (
                    Keyword(
                        start=start,
                        end=start + len(statement.keyword),
                        term=statement.keyword,
                        point=statement.point,
                    ),
                )
                if statement.keyword and start >= 0
                else ()
            )
            found.append(
                _shown(one, position, block, statement.role, statement.facets, statement.detail, 0.93, words)
            )
    return found


def _near(sent: Sequence[Sent]) -> tuple[Evidence, ...]:
    for one in sent:
        for position, block in enumerate(one.reading.blocks):
            if _tells(block, FILLER[3]):
                return (_shown(one, position, block, "practice", (), True, 0.31, ()),)
    return ()


def _shown(
    one: Sent,
    position: int,
    block: Block,
    role: str,
    facets: tuple[str, ...],
    detail: bool,
    probability: float,
    words: tuple[Keyword, ...],
) -> Evidence:
    return Evidence(
        document=one.reading.file,
        page=block.page,
        text=block.text,
        role=role,
        facets=facets,
        detail=detail,
        probability=probability,
        boxes=tuple(tuple(box) for box in block.boxes),
        block=position,
        keywords=words,
        why=Sentence(
            th="พบคำของประเด็นและรายละเอียดที่ตรวจสอบได้", en="Words of the point and checkable detail were found."
        ),
        heading_path=block.heading_path,
    )


def _filed(session: object, one: Sent) -> Filed:
    reading = save_reading(session, one.reading, READER_VERSION, 0.5, b"")
    return Filed(outcome=_outcome(one), size=len(one.content), kind_source="declared", reading_id=reading)


def _outcome(one: Sent) -> DocumentOutcome:
    reading = one.reading
    return DocumentOutcome(
        file=reading.file,
        kind=one.kind,
        pages=reading.pages,
        sha256=reading.sha256,
        read_by=reading.read_by,
        problem=None,
    )


def _read(name: str, kind: str, content: bytes) -> Sent:
    with tempfile.TemporaryDirectory() as room:
        path = Path(room) / name
        path.write_bytes(content)
        reading = read_file(path, ocr=False)
    assert reading.blocks, reading.problems
    return Sent(replace(reading, file=name), kind, content)


def _texts_of(page: int, pages: int) -> list[str]:
    statements = [one.text for at, one in enumerate(STATEMENTS) if at % pages == page - 1]
    return [
        FILLER[page % len(FILLER)] if page != pages else FILLER[0],
        *statements,
        *(FILLER[3:] if page == pages else ()),
    ]


def _tells(block: Block, text: str) -> bool:
    """Whether a block begins to tell ``text`` (a reader may part a paragraph)."""
    return _bare(text)[:24] in _bare(block.text)


def _bare(text: str) -> str:
    return "".join(text.split())


def take_part(session: Session, batch: int, process: str) -> int:
    """Let a process, written as ``host:number``, take part in a batch; returns the number of its run."""
    host, _, number = process.rpartition(":")
    return runs.join(session, batch, Whereabouts(host, int(number)), Lease())
