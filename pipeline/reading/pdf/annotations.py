"""What stands on a PDF page above its own content: form fields with their values, typed text, comments, attached files.

The other wrapper of PDFium besides ``pdfium``. Fields are told by their values, which are Unicode whatever font their
appearance uses; an appearance may also be missing (``NeedAppearances``), clipped, or spread over a comb.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as raw

CHECKED, UNCHECKED = "☑", "☐"
MOST = 5_000
"""Annotations looked at on one page."""
LONGEST = 1 << 20
"""Bytes of a value: longer ones are no text that a page shows."""
_UNSEEN = 0x02 | 0x20  # flags Hidden and NoView (PDF 32000-1, table 165)
_PASSWORD, _COMB = 0x2000, 0x1000000  # flags of text fields (table 228)
_MARKED_FIELDS = (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON)
_CHOICES = (raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX)
_COMMENTS = frozenset(
    (
        raw.FPDF_ANNOT_TEXT,
        raw.FPDF_ANNOT_HIGHLIGHT,
        raw.FPDF_ANNOT_UNDERLINE,
        raw.FPDF_ANNOT_SQUIGGLY,
        raw.FPDF_ANNOT_STRIKEOUT,
        raw.FPDF_ANNOT_CARET,
    )
)

Corners = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Filled:
    """A field, or a text typed over the page, by what it says.

    Attributes:
        place: two opposite corners in page space.
        text: the value; lines end as they were typed. Empty for a button and a password: they are no content.
        size: of the letters in points, 0 where it is not said.
        as_drawn: its appearance may be read instead where it says the same, which gives each line its place.
    """

    place: Corners
    text: str
    size: float = 0.0
    as_drawn: bool = True


@dataclass(frozen=True, slots=True)
class Annotations:
    """What a page's annotations are.

    Attributes:
        filled: fields and typed texts that say something.
        drawn: some of them, or a stamp, may show text on the page.
        fields: number of form fields.
        comments: number of notes and marks with words that the page itself does not show.
        attached: number of files attached to a place on the page.
    """

    filled: tuple[Filled, ...] = ()
    drawn: bool = False
    fields: int = 0
    comments: int = 0
    attached: int = 0


def read_annotations(page: Any) -> Annotations:
    """Return the annotations of pypdfium2's ``page``; hidden ones are left out."""
    filled: list[Filled] = []
    fields = comments = attached = 0
    drawn = False
    for index in range(min(int(raw.FPDFPage_GetAnnotCount(page.raw)), MOST)):
        with _annotation(page, index) as annotation:
            kind = raw.FPDFAnnot_GetSubtype(annotation) if annotation else raw.FPDF_ANNOT_UNKNOWN
            if kind == raw.FPDF_ANNOT_FILEATTACHMENT:
                attached += 1
            elif kind in _COMMENTS:
                comments += bool(_string(annotation, b"Contents").strip())
            elif kind not in _SHOWN or raw.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
                continue
            else:
                drawn = True
                fields += kind == raw.FPDF_ANNOT_WIDGET
                filled += _SHOWN[kind](page, annotation)
    return Annotations(tuple(filled), drawn, fields, comments, attached)


def flatten(page: Any) -> None:
    """Make the appearances of all annotations part of the page's content, for whoever opens the page anew."""
    raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY)


@contextmanager
def _annotation(page: Any, index: int) -> Iterator[Any]:
    annotation = raw.FPDFPage_GetAnnot(page.raw, index)
    try:
        yield annotation
    finally:
        if annotation:
            raw.FPDFPage_CloseAnnot(annotation)


def _typed(_: Any, annotation: Any) -> Iterator[Filled]:
    """A text typed over the page: its contents, which programs keep beside the appearance."""
    if text := _string(annotation, b"Contents").strip():
        yield Filled(_place(annotation), text)


def _stamp(_: Any, __: Any) -> Iterator[Filled]:
    """A stamp is what it looks like; what it contains is a comment on it."""
    yield from ()


def _field(page: Any, annotation: Any) -> Iterator[Filled]:
    form = getattr(page.formenv, "raw", None)
    if form is None:
        return
    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    place = _place(annotation)
    if kind == raw.FPDF_FORMFIELD_PUSHBUTTON:
        yield Filled(place, "", as_drawn=False)
    elif kind in _MARKED_FIELDS:
        mark = CHECKED if raw.FPDFAnnot_IsChecked(form, annotation) else UNCHECKED
        yield Filled(place, mark, as_drawn=False)
    elif kind == raw.FPDF_FORMFIELD_TEXTFIELD or kind in _CHOICES:
        flags = raw.FPDFAnnot_GetFormFieldFlags(form, annotation)
        value = _chosen(form, annotation) if kind in _CHOICES else ""
        value = value or _text(lambda *room: raw.FPDFAnnot_GetFormFieldValue(form, annotation, *room))
        if kind == raw.FPDF_FORMFIELD_TEXTFIELD and flags & _PASSWORD:
            yield Filled(place, "", as_drawn=False)
        elif value.strip():
            size = ctypes.c_float()
            raw.FPDFAnnot_GetFontSize(form, annotation, size)
            as_drawn = kind == raw.FPDF_FORMFIELD_TEXTFIELD and not flags & _COMB
            yield Filled(place, value.strip(), float(size.value), as_drawn)


_SHOWN: dict[int, Callable[[Any, Any], Iterator[Filled]]] = {
    raw.FPDF_ANNOT_WIDGET: _field,
    raw.FPDF_ANNOT_FREETEXT: _typed,
    raw.FPDF_ANNOT_STAMP: _stamp,
}


def _chosen(form: Any, annotation: Any) -> str:
    """Return the labels of the options chosen: the value may be a code that nobody sees."""
    count = min(int(raw.FPDFAnnot_GetOptionCount(form, annotation)), MOST)
    labels = [
        _text(lambda *room, at=option: raw.FPDFAnnot_GetOptionLabel(form, annotation, at, *room))
        for option in range(count)
        if raw.FPDFAnnot_IsOptionSelected(form, annotation, option)
    ]
    return "\n".join(label for label in labels if label.strip())


def _string(annotation: Any, key: bytes) -> str:
    return _text(lambda *room: raw.FPDFAnnot_GetStringValue(annotation, key, *room))


def _text(ask: Callable[..., int]) -> str:
    """Return a text of PDFium's: asked for its length first, then for its UTF-16."""
    length = int(ask(None, 0))
    if not 2 < length <= LONGEST:
        return ""
    room = (ctypes.c_ushort * (length // 2))()
    ask(room, length)
    return bytes(room).decode("utf-16-le", "replace").split("\0")[0]


def _place(annotation: Any) -> Corners:
    rectangle = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(annotation, rectangle)
    return (
        float(rectangle.left),
        float(rectangle.bottom),
        float(rectangle.right),
        float(rectangle.top),
    )
