"""The manifest on its way: a custom XML part of a Word file, an attachment of a PDF; both outlive being saved again.

Letters come back from outside, so nothing here trusts what a file says of itself: it is parsed within limits and validated.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pikepdf
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from lxml import etree
from pydantic import ValidationError

from pipeline.export.letters.letter_manifest import Manifest

NAMESPACE = "urn:khetcheck:letter:1"
ATTACHMENT = "khetcheck-letter.json"
MOST_BYTES = 20 << 20


def put_in_word(document: Any, manifest: Manifest) -> None:
    """Put the manifest into an open Word file, in the place of one that is there."""
    root = etree.Element(f"{{{NAMESPACE}}}letter", nsmap={None: NAMESPACE})
    root.text = manifest.as_json()
    blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    for relation in list(document.part.rels.values()):
        if not relation.is_external and NAMESPACE.encode() in relation.target_part.blob[:400]:
            relation.target_part._blob = blob
            return
    package = document.part.package
    name = package.next_partname("/customXml/item%d.xml")
    document.part.relate_to(Part(name, "application/xml", blob, package), RELATIONSHIP_TYPE.CUSTOM_XML)


def put_in_pdf(path: Path, manifest: Manifest) -> None:
    """Attach the manifest to a PDF and give it the letter's title."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.attachments[ATTACHMENT] = pikepdf.AttachedFileSpec(
            pdf,
            manifest.as_json().encode(),
            filename=ATTACHMENT,
            creation_date="",
            mod_date="",
            description="khetcheck: sentences of this letter with file hash, page and boxes",
            mime_type="application/json",
        )
        pdf.save(path)


def manifest_in(path: Path) -> Manifest | None:
    """Return what a letter carries; None where the file is no letter of ours or its manifest is damaged."""
    try:
        text = _from_pdf(path) if path.read_bytes()[:1024].find(b"%PDF") >= 0 else _from_word(path)
        return Manifest.model_validate_json(text) if text else None
    except (ValidationError, pikepdf.PdfError, zipfile.BadZipFile, etree.XMLSyntaxError, UnicodeDecodeError):
        return None


def _from_pdf(path: Path) -> str:
    with pikepdf.open(path) as pdf:
        if ATTACHMENT not in pdf.attachments:
            return ""
        found = pdf.attachments[ATTACHMENT].get_file()
        if int(found.size or 0) > MOST_BYTES:
            return ""
        return found.read_bytes().decode()


def _from_word(path: Path) -> str:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    with zipfile.ZipFile(path) as package:
        for entry in package.infolist():
            if not entry.filename.startswith("customXml/item") or entry.file_size > MOST_BYTES:
                continue
            root = etree.fromstring(package.read(entry), parser)
            if root.tag == f"{{{NAMESPACE}}}letter":
                return root.text or ""
    return ""
