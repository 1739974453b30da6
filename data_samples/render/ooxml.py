"""The parts of Word that python-docx has no words for: fields, text boxes as Word writes them, fixed archives."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

FIXED = (2022, 12, 1, 9, 0, 0)
_SPACES = " ".join(
    f'xmlns:{short}="{address}"'
    for short, address in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)
_EMU = 12700  # per point
_WIDTH = 430  # points
_TEXT_BOX = """
<w:r {spaces}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>
<wp:anchor distT="45720" distB="91440" distL="114300" distR="114300" simplePos="0" relativeHeight="{order}" behindDoc="0"
 locked="0" layoutInCell="1" allowOverlap="0"><wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="column"><wp:align>center</wp:align></wp:positionH>
<wp:positionV relativeFrom="paragraph"><wp:posOffset>0</wp:posOffset></wp:positionV>
<wp:extent cx="{cx}" cy="{cy}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapTopAndBottom/>
<wp:docPr id="{order}" name="Text Box {order}"/><wp:cNvGraphicFramePr/>
<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>
<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="EEF5FA"/></a:solidFill>
<a:ln w="9525"><a:solidFill><a:srgbClr val="3F6D8E"/></a:solidFill></a:ln></wps:spPr>
<wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx>
<wps:bodyPr lIns="91440" tIns="45720" rIns="91440" bIns="45720"><a:spAutoFit/></wps:bodyPr>
</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>
<mc:Fallback><w:pict><v:rect style="width:{width}pt;height:{height}pt"><v:textbox><w:txbxContent>{content}</w:txbxContent>
</v:textbox></v:rect></w:pict></mc:Fallback></mc:AlternateContent></w:r>
"""


def text_box(order: int, paragraphs: Sequence[str]) -> Any:
    """Return a run with a framed box; like Word, it holds the text twice (drawing and fallback)."""
    content = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>' for text in paragraphs
    )
    height = 14 + sum(22 * (1 + len(text) // 78) for text in paragraphs)
    return parse_xml(
        _TEXT_BOX.format(
            spaces=_SPACES,
            order=order,
            content=content,
            width=_WIDTH,
            height=height,
            cx=_WIDTH * _EMU,
            cy=height * _EMU,
        )
    )


def field(paragraph: Any, instruction: str, shown: str) -> None:
    """Append a field (``PAGE``, ``PAGEREF name``) that shows ``shown`` until it is computed."""
    simple = OxmlElement("w:fldSimple")
    simple.set(qn("w:instr"), f" {instruction} ")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = shown
    run.append(text)
    simple.append(run)
    paragraph._p.append(simple)


def bookmark(paragraph: Any, number: int, name: str) -> None:
    """Put a bookmark around ``paragraph``."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    first = paragraph._p.pPr
    paragraph._p.insert(0 if first is None else 1, start)
    paragraph._p.append(end)


def with_fixed_times(content: bytes) -> bytes:
    """Return the archive ``content`` with one time for all members, so that making it again gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(_member(name), old.read(name))
    return out.getvalue()


def zip_files(archive: Path, files: Sequence[tuple[str, bytes]]) -> None:
    """Write ``files`` (name in the archive, content) into ``archive``."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in files:
            new.writestr(_member(name), content)


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, FIXED)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info
