"""The committed files are what the README promises: kinds, sizes, pages, damage, truth."""

import io
import json
import re
import zipfile
from pathlib import Path

import pypdfium2
import pytest
import yaml
from docx import Document

from data_samples.make import HERE, SOURCE, rendered_blocks, submission_ids, word_files
from data_samples.render.source import load_submission

INBOX, GOLD = HERE / "inbox", HERE / "gold"
IDS = submission_ids()
LARGEST = 8 * 1024 * 1024
PRIVATE = re.compile("[\uf700-\uf71a]")
BLOCKS_PER_PAGE = 22
RENDERED = [
    pytest.param(name, document, id=f"{name}-{document.path.stem}")
    for name in IDS
    for document in load_submission(SOURCE / name).documents
]


def content(name, document):
    if document.archive:
        with zipfile.ZipFile(INBOX / name / document.archive) as archive:
            return archive.read(document.name)
    return (INBOX / name / document.name).read_bytes()


def pages_of(data):
    pdf = pypdfium2.PdfDocument(data)
    try:
        texts = []
        for page in pdf:
            text = page.get_textpage()
            texts.append(text.get_text_bounded())
            text.close()
            page.close()
        return texts
    finally:
        pdf.close()


@pytest.mark.parametrize("name", IDS)
def test_each_submission_names_its_office_and_only_files_that_exist(name: str) -> None:
    said = yaml.safe_load((INBOX / name / "submission.yaml").read_text("utf-8"))
    assert said["office"].startswith("สำนักงานเขตพื้นที่การศึกษา")
    assert said["fiscal_year"] == 2565
    assert all((INBOX / name / document["file"]).exists() for document in said.get("documents", []))


@pytest.mark.parametrize(("name", "document"), RENDERED)
def test_each_document_is_of_its_kind(name, document) -> None:
    data = content(name, document)
    match document.render:
        case "docx" | "docx-textbox":
            assert data.startswith(b"PK")
        case "scan":
            assert "".join(pages_of(data)).strip() == ""
        case "pdf-pua":
            assert len(PRIVATE.findall("".join(pages_of(data)))) > 1000
        case "broken":
            assert data.startswith(b"%PDF")
            with pytest.raises(pypdfium2.PdfiumError):
                pypdfium2.PdfDocument(data)
        case _:
            text = "".join(pages_of(data))
            assert not PRIVATE.search(text)
            assert len(re.findall("[\u0e01-\u0e5b]", text)) > 500


def test_all_promised_kinds_occur() -> None:
    kinds = {document.values[1].render for document in RENDERED}
    assert kinds == {"docx", "docx-textbox", "pdf", "pdf-pua", "scan", "broken"}


@pytest.mark.parametrize("name", IDS)
def test_a_submission_has_15_to_60_pages(name: str) -> None:
    """PDF pages are counted; a Word file's are reckoned from its blocks (never fewer than its page breaks)."""
    pages = 0.0
    submission = load_submission(SOURCE / name)
    for document, blocks in zip(submission.documents, rendered_blocks(submission).values(), strict=True):
        if document.render in ("pdf", "pdf-pua", "scan"):
            pages += len(pages_of(content(name, document)))
        elif document.render != "broken":
            pages += len(blocks) / BLOCKS_PER_PAGE
    assert 15 <= pages <= 60


def test_the_inbox_stays_small() -> None:
    assert sum(path.stat().st_size for path in INBOX.rglob("*") if path.is_file()) <= LARGEST


def test_one_submission_lacks_its_report_and_one_is_secondary() -> None:
    kinds = {name: {d.kind for d in load_submission(SOURCE / name).documents} for name in IDS}
    assert [name for name in IDS if "report" not in kinds[name]] == ["sample-06"]
    offices = [load_submission(SOURCE / name).meta["office"] for name in IDS]
    assert sum("มัธยมศึกษา" in office for office in offices) == 2


def test_word_files_hold_nested_tables_and_text_boxes() -> None:
    plan = Document(str(INBOX / "sample-01" / "plan.docx"))
    assert any(cell.tables for table in plan.tables for row in table.rows for cell in row.cells)
    news = Document(str(INBOX / "sample-01" / "news.docx"))
    assert "txbxContent" in news.element.xml


@pytest.mark.parametrize("name", IDS)
def test_word_files_made_again_are_the_committed_ones(name: str) -> None:
    submission = load_submission(SOURCE / name)
    made = word_files(submission)
    for document in submission.documents:
        if document.render.startswith("docx"):
            assert _parts(made[document.path.stem]) == _parts(content(name, document)), document.name


def _parts(data: bytes) -> dict[str, bytes]:
    """The text parts; pictures may differ by the version of the JPEG library."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.endswith((".xml", ".rels"))}


@pytest.mark.parametrize("name", IDS)
def test_truth_is_the_sources(name: str) -> None:
    truth = json.loads((GOLD / name / "gold.json").read_text("utf-8"))
    meta = load_submission(SOURCE / name).meta
    assert truth["score"] == meta["score"]
    assert {int(number): said for number, said in truth["points"].items()} == meta["points"]
    drawn = rendered_blocks(load_submission(SOURCE / name))
    labelled = [(n, block.text) for n, blocks in drawn.items() for block in blocks if block.labels]
    assert [(block["document"], block["text"]) for block in truth["blocks"]] == labelled


def test_truth_names_the_documents_as_the_inbox_does() -> None:
    for name in IDS:
        truth = json.loads((GOLD / name / "gold.json").read_text("utf-8"))
        for document in truth["documents"]:
            first = Path(document["file"]).parts[0]
            assert (INBOX / name / first).exists()
