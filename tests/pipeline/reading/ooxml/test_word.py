# ruff: noqa: E501
"""What a reader of the accepted Word document sees is what is read, in its order, one block per paragraph or row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.blocks import Block
from pipeline.reading import Limits
from pipeline.reading.ooxml.word import read_docx
from pipeline.reading.sandbox.wire import Result
from tests.needs import measuring_set
from tests.pipeline.reading.hostile.offices import W, docx, paragraph

REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = f"""<w:styles xmlns:w="{W}">
<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/></w:style>
<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="หัวข้อเขต"/><w:basedOn w:val="H2"/></w:style>
<w:style w:type="paragraph" w:styleId="Cap"><w:name w:val="caption"/></w:style>
</w:styles>"""


def read(tmp_path: Path, body: str, parts: Mapping[str, str] | None = None) -> Result:
    path = tmp_path / "sent.docx"
    path.write_bytes(docx(body, parts))
    return read_docx(path, Limits())


def blocks(tmp_path: Path, body: str, parts: Mapping[str, str] | None = None) -> list[Block]:
    return list(read(tmp_path, body, parts).blocks)


def texts(tmp_path: Path, body: str, parts: Mapping[str, str] | None = None) -> list[str]:
    return [block.text for block in blocks(tmp_path, body, parts)]


def styled(style: str, text: str) -> str:
    return paragraph(text, f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>')


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr>{properties}{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"


def test_paragraphs_and_rows_come_in_document_order(tmp_path: Path) -> None:
    body = (
        paragraph("ก่อนตาราง")
        + table(row(paragraph("ชื่อ"), paragraph("จำนวน")), row(paragraph("ครู"), paragraph("๑๒")))
        + paragraph("หลังตาราง")
    )
    assert texts(tmp_path, body) == ["ก่อนตาราง", "| ชื่อ | จำนวน |", "| ครู | ๑๒ |", "หลังตาราง"]


def test_a_text_box_is_read_once_after_its_paragraph(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{paragraph('ในกล่อง')}</w:txbxContent>"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    both = f'<mc:AlternateContent xmlns:mc="{mc}"><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>'
    body = f"<w:p><w:r><w:t>ย่อหน้า</w:t></w:r><w:r>{both}</w:r></w:p>" + paragraph("ถัดไป")
    assert texts(tmp_path, body) == ["ย่อหน้า", "ในกล่อง", "ถัดไป"]


def test_a_table_in_a_cell_follows_its_row(tmp_path: Path) -> None:
    inner = table(row(paragraph("ใน ก"), paragraph("ใน ข")))
    frame = table(row(paragraph("ในกรอบ")))
    body = table(row(paragraph("นอก"), paragraph("ค่า") + inner), row(paragraph("สอง"), frame + "<w:p/>"))
    assert texts(tmp_path, body) == ["| นอก | ค่า |", "| ใน ก | ใน ข |", "| สอง | |", "ในกรอบ"]


def test_a_table_of_one_column_is_a_frame_of_paragraphs(tmp_path: Path) -> None:
    found = blocks(tmp_path, table(row(paragraph("วิสัยทัศน์ของเขต") + paragraph("พันธกิจของเขต"))))
    assert [(block.type, block.text) for block in found] == [
        ("paragraph", "วิสัยทัศน์ของเขต"),
        ("paragraph", "พันธกิจของเขต"),
    ]


def test_tracked_changes_are_read_as_accepted_and_said(tmp_path: Path) -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    body = (
        f"<w:p>{run.format('ประชุม')}<w:ins>{run.format('สามครั้ง')}</w:ins><w:del><w:r><w:delText>สองครั้ง</w:delText></w:r></w:del></w:p>"
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run.format('ต้น')}</w:p><w:p>{run.format('ปลาย')}</w:p>"
        + table(
            row(paragraph("อยู่"), paragraph("ต่อ")),
            row(paragraph("ถูก"), paragraph("ลบ"), properties="<w:trPr><w:del/></w:trPr>"),
        )
        + f"<w:ins>{paragraph('แทรกทั้งย่อหน้า')}</w:ins>"
    )
    result = read(tmp_path, body)
    assert [block.text for block in result.blocks] == ["ประชุมสามครั้ง", "ต้นปลาย", "| อยู่ | ต่อ |", "แทรกทั้งย่อหน้า"]
    assert [note.code for note in result.notes] == ["tracked_changes"]


def test_content_controls_hidden_text_fields_and_symbols(tmp_path: Path) -> None:
    body = (
        f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('ในช่องกรอก')}</w:sdtContent></w:sdt>"
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>ซ่อน</w:t></w:r><w:r><w:t>เห็น</w:t></w:r></w:p>"
        "<w:p><w:r><w:instrText>PAGE \\* MERGEFORMAT</w:instrText></w:r><w:r><w:t>หน้า 3</w:t></w:r></w:p>"
        '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t> ดำเนินการแล้ว</w:t></w:r></w:p>'
    )
    assert texts(tmp_path, body) == ["ในช่องกรอก", "เห็น", "หน้า 3", "☑ ดำเนินการแล้ว"]


def test_footnotes_stand_at_their_place_and_headers_do_not(tmp_path: Path) -> None:
    notes = f'<w:footnotes xmlns:w="{W}"><w:footnote w:type="separator" w:id="0">{paragraph("เส้น")}</w:footnote><w:footnote w:id="2">{paragraph("ที่มา รายงานปี 2564")}</w:footnote></w:footnotes>'
    header = f'<w:hdr xmlns:w="{W}">{paragraph("หัวกระดาษ")}</w:hdr>'
    body = '<w:p><w:r><w:t>ผลดีขึ้น</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>' + paragraph(
        "ถัดไป"
    )
    parts = {"word/footnotes.xml": notes, "word/header1.xml": header}
    assert texts(tmp_path, body, parts) == ["ผลดีขึ้น", "ที่มา รายงานปี 2564", "ถัดไป"]


def test_headings_by_style_outline_and_looks_make_the_path(tmp_path: Path) -> None:
    bold = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{}</w:t></w:r></w:p>"
    outline = '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>'
    long = "สำนักงานเขตพื้นที่ดำเนินงานตามแผนปฏิบัติการประจำปีอย่างต่อเนื่องและรายงานผลทุกเดือน"
    body = (
        styled("H1", "ส่วนต้น") + styled("Mine", "เรื่องแรก") + paragraph(long)
        + paragraph("เรื่องที่สอง", outline) + bold.format("หัวข้อย่อย") + paragraph(long) + styled("Cap", "การประชุมผู้บริหาร")
    )  # fmt: skip
    found = blocks(tmp_path, body, {"word/styles.xml": STYLES})
    assert [(block.type, block.level) for block in found] == [
        ("heading", 1), ("heading", 2), ("paragraph", None), ("heading", 2), ("heading", 4), ("paragraph", None), ("caption", None),
    ]  # fmt: skip
    assert found[2].heading_path == ("ส่วนต้น", "เรื่องแรก")
    assert found[5].heading_path == ("ส่วนต้น", "เรื่องที่สอง", "หัวข้อย่อย")


def test_rows_carry_their_header(tmp_path: Path) -> None:
    head = "<w:trPr><w:tblHeader/></w:trPr>"
    body = table(
        row(paragraph("โครงการ"), paragraph("ผล"), properties=head),
        row(paragraph("อบรมครู"), paragraph("ร้อยละ ๙๐")),
    )
    first, second = blocks(tmp_path, body)
    assert (first.table_header, second.table_header) == ("", "| โครงการ | ผล |")


def test_cells_merged_downwards_are_read_once(tmp_path: Path) -> None:
    start, on = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>', "<w:tcPr><w:vMerge/></w:tcPr>"
    body = table(
        row(start + paragraph("กลุ่มแผน"), paragraph("ก")), row(on + paragraph("กลุ่มแผน"), paragraph("ข"))
    )
    assert texts(tmp_path, body) == ["| กลุ่มแผน | ก |", "| | ข |"]


def test_a_page_set_in_a_cell_becomes_paragraphs_under_the_row(tmp_path: Path) -> None:
    long = "สำนักงานเขตพื้นที่การศึกษาจัดประชุมผู้บริหารสถานศึกษาเพื่อติดตามผลการดำเนินงานตามแผน " * 6
    first, second = "ไตรมาสหนึ่ง " + long.strip(), "ไตรมาสสอง " + long.strip()
    found = blocks(
        tmp_path,
        table(
            row(paragraph("ผลการดำเนินงาน"), paragraph(first) + paragraph(second)),
            row(paragraph("ก"), paragraph("ข")),
        ),
    )
    assert [(block.type, block.text) for block in found] == [
        ("table_row", f"| ผลการดำเนินงาน | {first} |"), ("paragraph", second), ("table_row", "| ก | ข |"),
    ]  # fmt: skip


def test_damaged_thai_is_repaired(tmp_path: Path) -> None:
    assert texts(tmp_path, paragraph("สํานักงานด าเนินการ\u200bแล้ว")) == ["สำนักงานดำเนินการแล้ว"]


def test_hyperlinks_and_link_fields_are_listed(tmp_path: Path) -> None:
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{REL}/hyperlink" Target="https://www.example.go.th/ita" TargetMode="External"/></Relationships>'
    )
    body = (
        f'<w:p><w:hyperlink xmlns:r="{REL}" r:id="r1"><w:r><w:t>ดูที่นี่</w:t></w:r></w:hyperlink></w:p>'
        '<w:p><w:r><w:instrText> HYPERLINK "https://youtu.be/abc" </w:instrText></w:r><w:r><w:t>วีดิทัศน์</w:t></w:r></w:p>'
    )
    result = read(tmp_path, body, {"word/_rels/document.xml.rels": rels})
    assert result.links == ("https://www.example.go.th/ita", "https://youtu.be/abc")


@pytest.mark.measure
@pytest.mark.parametrize("submission", ["d02", "d03", "d06"])
def test_every_source_block_of_the_measuring_set_is_one_block(submission: str) -> None:
    gold = measuring_set("gold-dev")
    source = json.loads((gold / "gold" / submission / "blocks.json").read_text("utf-8"))
    for path in sorted((gold / "inbox" / submission).glob("*.docx")):
        wanted = [block["text"] for block in source if block["document"] == path.name]
        found = {block.text for block in read_docx(path, Limits()).blocks}
        assert [text for text in wanted if text not in found] == []
