"""The report of a batch as a file: a page that stands alone, or a PDF that LibreOffice makes of the same page."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.export.letters.letter_file import SARABUNS, installed_font
from pipeline.export.letters.thai_office import thai_date, thai_digits
from pipeline.export.report.batch_figures import BatchFigures, batch_figures
from pipeline.export.report.sections import sections
from pipeline.export.request import Request
from pipeline.export.whole_file import written_whole
from pipeline.reading import Limits, libreoffice
from pipeline.store.database import Store
from rubric.exceptions import SettingsError
from rubric.language import Bilingual

ENDINGS = (".html", ".pdf")
TEMPLATE = "batch_report.html"


def write_report(store: Store, out: Path, request: Request, limits: Limits) -> BatchFigures:
    """Write the report of ``request.batch``; returns what it tells.

    Raises:
        SettingsError: ``out`` ends neither in .html nor in .pdf.
        NotFoundError, InboxError: there is no such batch; the file cannot be written.
        ConverterMissing, DocumentError: a PDF needs LibreOffice and a Thai font of offices.
    """
    ending = out.suffix.lower()
    if ending not in ENDINGS:
        raise SettingsError(
            Bilingual(f"ไม่รู้จักรูปแบบของ {out.name}", f"{out.name} has no known form."),
            Bilingual("ใช้ชื่อไฟล์ที่ลงท้ายด้วย .html หรือ .pdf", "Use a name that ends in .html or .pdf."),
        )
    with store.snapshot() as session:
        figures = batch_figures(session, request)
    with written_whole(out) as part:
        if ending == ".html":
            part.write_text(page_of(figures, request), "utf-8")
            return figures
        font = installed_font()
        with tempfile.TemporaryDirectory(prefix="report-", ignore_cleanup_errors=True) as folder:
            page = Path(folder) / "report.html"
            page.write_text(page_of(figures, request, in_print=True), "utf-8")
            fonts = {name: font for name in SARABUNS if name != font}
            shutil.copyfile(libreoffice.page_as_pdf(page, Path(folder), limits=limits, fonts=fonts), part)
    return figures


def page_of(figures: BatchFigures, request: Request, *, in_print: bool = False) -> str:
    """Return the page; every text is escaped, whatever an office is called.

    Args:
        in_print: a chart stands over its table, since paper is narrow; else beside it.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def tell(thai: str, english: str) -> str:
        return Bilingual(thai, english).told(request.language)

    thai = request.language == "th"
    number = thai_digits(figures.number) if thai else figures.number
    began = thai_date(figures.began) if thai else f"{figures.began:%Y-%m-%d}"
    return environment.get_template(TEMPLATE).render(
        language=request.language,
        title=tell(f"รายงานผลการตรวจรอบที่ {number}", f"Report of batch {number}"),
        lines=[
            request.rubric.title.told(request.language),
            tell(f"เริ่มเมื่อวันที่ {began}", f"Begun on {began}"),
        ],
        facts=_facts(figures, request),
        sections=list(sections(figures, request)),
        print=in_print,
    )


def _facts(figures: BatchFigures, request: Request) -> list[tuple[str, str]]:
    def tell(thai: str, english: str) -> str:
        return Bilingual(thai, english).told(request.language)

    def versions(counted: dict[str, int]) -> str:
        return ", ".join(f"{name} ({count})" for name, count in counted.items()) or "–"

    failed = figures.outcomes.get("failed", 0)
    return [
        (tell("ชุดเอกสารที่มีร่าง", "Submissions with a draft"), str(figures.submissions)),
        (tell("ตัดสินแล้ว", "Decided"), f"{figures.decided} / {figures.submissions}"),
        (tell("ไม่สำเร็จ", "Failed"), str(failed)),
        (
            tell("เอกสาร", "Documents"),
            tell(
                f"{figures.documents} ไฟล์ มีปัญหา {figures.unread} ไฟล์",
                f"{figures.documents}, with problems {figures.unread}",
            ),
        ),
        (tell("เกณฑ์", "Rubric"), versions(figures.rubrics)),
        (tell("แบบจำลอง", "Model"), versions(figures.models)),
    ]
