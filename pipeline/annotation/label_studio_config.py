"""The labelling interface of a Label Studio project for a rubric, and the names that its choices carry.

Names are what a person reads there and what stands in Label Studio's export, so they are made and taken apart here alone.
The words are shown by the tag ``Text``: of ``HyperText`` the places that come back are not those that went in.
"""

from __future__ import annotations

from xml.etree import ElementTree

from models.passages import Role
from pipeline.annotation.annotated import Verdict
from rubric import Rubric
from rubric.scoring import PointState

EVIDENCE, TEXT, ROLE, FACETS, DETAIL, VERDICT, NOTE = (
    "evidence",
    "text",
    "role",
    "facets",
    "detail",
    "verdict",
    "note",
)
ROLES: dict[Role, str] = {
    "practice": "ทำจริง (practice)",
    "intent": "จะทำ (intent)",
    "restate": "ทวนเกณฑ์ (restate)",
    "negative": "ไม่ได้ทำ (negative)",
}
VERDICTS: dict[Verdict | None, str] = {
    None: "ยังไม่ตัดสิน (undecided)",
    "good": "ใช้ได้ (good)",
    "changed": "แก้แล้ว (changed)",
    "bad": "ไม่ใช่หลักฐาน (not evidence)",
    "added": "เพิ่มเอง (added)",
}
LEVELS: dict[PointState, str] = {
    "not_done": "ไม่มีการดำเนินการ (not done)",
    "done": "มีการดำเนินการ (done)",
    "clear": "มีความชัดเจน (clear)",
}
DETAILS: dict[bool, str] = {True: "มีรายละเอียด (detail)", False: "ไม่มีรายละเอียด (no detail)"}


def label_of(point: int) -> str:
    """Name a point as a label of words."""
    return f"ประเด็น {point}"


def point_of(label: str) -> int | None:
    """Return the point that a label names; None where it names none."""
    number = label.removeprefix("ประเด็น ").strip()
    return int(number) if number.isdecimal() else None


def facet_name(point: int, facet: str) -> str:
    """Name a facet so that those of all points can stand in one list."""
    return f"{point}.{facet}"


def facet_of(name: str, point: int) -> str | None:
    """Return the facet of ``point`` that a choice names; None where it is another point's."""
    return name.removeprefix(f"{point}.") if name.startswith(f"{point}.") else None


def level_name(point: int) -> str:
    """Name the choice of a point's level."""
    return f"level-{point}"


def note_name(point: int) -> str:
    """Name the field of a point's note."""
    return f"{NOTE}-{point}"


def interface(rubric: Rubric) -> str:
    """Return the labelling configuration of a project, XML."""
    view = ElementTree.Element("View")
    ElementTree.SubElement(view, "Header", value="$title")
    labels = ElementTree.SubElement(view, "Labels", name=EVIDENCE, toName=TEXT)
    for point in rubric.points:
        ElementTree.SubElement(labels, "Label", value=label_of(point.number), hotkey=str(point.number))
    ElementTree.SubElement(view, "Text", name=TEXT, value="$text", granularity="character")
    facets = [facet_name(point.number, key) for point in rubric.points for key in point.facet_keys]
    for name, many, values in (
        (VERDICT, "single", list(VERDICTS.values())),
        (ROLE, "single", list(ROLES.values())),
        (FACETS, "multiple", facets),
        (DETAIL, "single", list(DETAILS.values())),
    ):
        _choices(view, name, values, choice=many, perRegion="true", visibleWhen="region-selected")
    for point in rubric.points:
        ElementTree.SubElement(view, "Header", value=f"{point.number} {point.title.th}", size="5")
        _choices(view, level_name(point.number), list(LEVELS.values()), choice="single-radio")
        ElementTree.SubElement(
            view, "TextArea", name=note_name(point.number), toName=TEXT, maxSubmissions="1"
        )
    ElementTree.SubElement(view, "TextArea", name=NOTE, toName=TEXT, maxSubmissions="1")
    ElementTree.indent(view)
    return ElementTree.tostring(view, encoding="unicode") + "\n"


def _choices(view: ElementTree.Element, name: str, values: list[str], **options: str) -> None:
    group = ElementTree.SubElement(view, "Choices", {"name": name, "toName": TEXT} | options)
    for value in values:
        ElementTree.SubElement(group, "Choice", value=value)
