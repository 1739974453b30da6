"""A letter that proves itself: is it as it was written, and does every sentence of it stand where it says it does?

Held against three things: the file's own manifest, the store (letters, readings), and the kept files of the office. With
``reread`` the files are read anew, too, instead of trusting the kept reading of the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import docx
from docx.opc.exceptions import OpcError
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.blocks import Block
from pipeline.export.letters.basis import basis_of, out_of_date
from pipeline.export.letters.carrying import manifest_in
from pipeline.export.letters.letter_manifest import Manifest, Sentence, squeezed
from pipeline.export.letters.paper.word_letter import paragraphs_of
from pipeline.export.letters.passage_places import Corners
from pipeline.export.request import Request
from pipeline.export.results_loading import results
from pipeline.intake.files import FileStore
from pipeline.reading import Limits, read_file
from pipeline.reading.document import sha256_of
from pipeline.store.database import Store
from pipeline.store.letters import letter_numbered, letter_with_file
from pipeline.store.readings import block_of
from pipeline.store.tables import BlockRow, Delivery, Document, LetterRow, Submission
from rubric.exceptions import NotFoundError
from rubric.language import Bilingual

SHARE = 60
"""Letters of a changed paragraph that a message shows."""
NEAR = 0.02


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not hold.

    Attributes:
        code: ``no_letter``, ``unknown_letter``, ``text``, ``manifest``, ``sentence_gone``, ``file_gone``, ``file_changed``,
            ``store_differs`` or ``not_in_file``.
        sentence: id of the sentence that is meant; empty for the letter as a whole.
    """

    code: str
    message: Bilingual
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it.

    Attributes:
        state: of the letter in the store; empty where it is unknown there.
        checked: sentences held against store and files.
        stale: why a letter that was true then is out of date today; no fault of the letter.
    """

    submission: str
    number: int
    state: str
    checked: int
    faults: tuple[Fault, ...]
    stale: tuple[Bilingual, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether everything holds."""
        return not self.faults

    @property
    def missing(self) -> bool:
        """Whether nothing is wrong but that kept files are gone, so that it cannot be told."""
        return bool(self.faults) and all(fault.code == "file_gone" for fault in self.faults)


NO_LETTER = Fault(
    "no_letter",
    Bilingual(
        "ไม่ใช่หนังสือของ khetcheck หรือข้อมูลตรวจสอบในไฟล์ถูกลบหรือเสียหาย",
        "This is no letter of khetcheck, or what it carries was removed or damaged.",
    ),
)


def verify_letter(
    store: Store, files: FileStore, letter: Path, request: Request, limits: Limits, *, reread: bool = False
) -> Verdict:
    """Check a letter.

    Raises:
        NotFoundError: there is no such file.
    """
    if not letter.is_file():
        raise NotFoundError(Bilingual(f"ไม่พบไฟล์ {letter}", f"There is no file {letter}."))
    manifest = manifest_in(letter)
    if manifest is None:
        return Verdict("", 0, "", 0, (NO_LETTER,))
    digest = sha256_of(letter)
    with store.snapshot() as session:
        known = letter_with_file(session, digest)
        row = known[0] if known else letter_numbered(session, manifest.submission, manifest.number)
        faults = [] if known else list(_as_written(letter, manifest, row, limits))
        sources = _Sources(session, files, limits)
        faults += [
            fault for sentence in manifest.sentences for fault in _stands(sources, manifest, sentence, reread)
        ]
        stale = _stale(session, row, request, manifest.submission)
    state = row.state if row else ""
    return Verdict(manifest.submission, manifest.number, state, len(manifest.sentences), tuple(faults), stale)


def _stale(
    session: Session, row: LetterRow | None, request: Request, submission: str
) -> tuple[Bilingual, ...]:
    if row is None:
        return ()
    today = next(results(session, replace(request, submission=submission)))
    return out_of_date(row.basis, basis_of(today))


def _as_written(letter: Path, manifest: Manifest, row: LetterRow | None, limits: Limits) -> Iterator[Fault]:
    """Faults of a file whose bytes nobody wrote here: it was saved again, and perhaps changed."""
    if row is None:
        yield Fault("unknown_letter", Bilingual("ฐานข้อมูลนี้ไม่มีหนังสือฉบับนี้", "This store knows no such letter."))
    elif row.key != manifest.key:
        yield Fault(
            "manifest",
            Bilingual(
                "สิ่งที่หนังสือนี้บันทึกไว้ไม่ตรงกับฉบับในฐานข้อมูล (ถูกแก้ไข หรือมีการร่างใหม่แล้ว)",
                "What this letter carries is not what the store has of it (it was changed, or composed anew since).",
            ),
        )
    is_pdf = letter.read_bytes()[:1024].find(b"%PDF") >= 0
    yield from (_pdf_text(letter, manifest, limits) if is_pdf else _word_text(letter, manifest))


def _word_text(letter: Path, manifest: Manifest) -> Iterator[Fault]:
    try:
        texts = tuple(paragraphs_of(docx.Document(str(letter))))
    except (KeyError, ValueError, OSError, OpcError):
        yield NO_LETTER
        return
    stands = {squeezed(text) for text in texts}
    written = {squeezed(text) for text in manifest.paragraphs}
    yield from (_changed(text) for text in manifest.paragraphs if squeezed(text) not in stands)
    yield from (_added(text) for text in texts if squeezed(text) not in written)


def _pdf_text(letter: Path, manifest: Manifest, limits: Limits) -> Iterator[Fault]:
    read = read_file(letter, limits=limits, ocr=False)
    told = squeezed("".join(block.text for block in read.blocks))
    for sentence in manifest.sentences:
        if squeezed(f"“{sentence.shown}”") not in told:
            yield Fault(
                "sentence_gone",
                Bilingual(f"ข้อความนี้ไม่อยู่ในหนังสือ: {sentence.line}", f"Not in the letter: {sentence.line}"),
                sentence.id,
            )
    yield from (_changed(text) for text in manifest.paragraphs if squeezed(text) not in told)


def _changed(text: str) -> Fault:
    return Fault(
        "text",
        Bilingual(
            f"ข้อความในหนังสือถูกแก้ไข เดิมคือ: {text[:SHARE]}", f"The letter was changed; it read: {text[:SHARE]}"
        ),
    )


def _added(text: str) -> Fault:
    return Fault(
        "text",
        Bilingual(f"หนังสือมีข้อความที่ไม่มีแต่เดิม: {text[:SHARE]}", f"This is new in the letter: {text[:SHARE]}"),
    )


@dataclass(slots=True)
class _Sources:
    """The documents that sentences rest on, each looked at once."""

    session: Session
    files: FileStore
    limits: Limits
    _states: dict[str, str] = field(default_factory=dict)
    _before: dict[int, Mapping[int, Block]] = field(default_factory=dict)
    _anew: dict[str, Mapping[int, Block]] = field(default_factory=dict)

    def state(self, sha256: str) -> str:
        """Return ``file_gone``, ``file_changed`` or nothing."""
        if sha256 not in self._states:
            path = self.files.path(sha256)
            changed = path.is_file() and sha256_of(path) != sha256
            self._states[sha256] = "file_changed" if changed else "" if path.is_file() else "file_gone"
        return self._states[sha256]

    def before(self, document: Document) -> Mapping[int, Block]:
        """Return the blocks of the kept reading."""
        if document.id not in self._before:
            rows = self.session.execute(
                select(BlockRow.__table__).where(BlockRow.reading_id == document.reading_id)
            )
            self._before[document.id] = {row.position: block_of(row._mapping) for row in rows}
        return self._before[document.id]

    def anew(self, sha256: str) -> Mapping[int, Block]:
        """Return the blocks of the kept file, read now."""
        if sha256 not in self._anew:
            read = read_file(self.files.path(sha256), limits=self.limits)
            self._anew[sha256] = dict(enumerate(read.blocks))
        return self._anew[sha256]


_WRONG = {
    "file_gone": ("ไม่พบไฟล์ของเอกสารที่เก็บไว้", "The kept file of the document is gone"),
    "file_changed": ("ไฟล์ของเอกสารที่เก็บไว้ถูกแก้ไข", "The kept file of the document was changed"),
}


def _stands(sources: _Sources, manifest: Manifest, sentence: Sentence, reread: bool) -> Iterator[Fault]:
    """Faults of one sentence."""

    def fault(code: str, thai: str, english: str) -> Fault:
        return Fault(code, Bilingual(f"{thai}: {sentence.line}", f"{english}: {sentence.line}"), sentence.id)

    if all(squeezed(sentence.line) not in squeezed(text) for text in manifest.paragraphs):
        yield fault("sentence_gone", "ข้อความนี้ไม่อยู่ในหนังสือ", "Not in the letter")
    document = _document(sources.session, manifest, sentence)
    if document is None:
        yield fault(
            "store_differs", "ฐานข้อมูลไม่มีเอกสารนี้ในชุดที่ส่ง", "The store has no such document of that delivery"
        )
        return
    if wrong := sources.state(sentence.sha256):
        yield fault(wrong, *_WRONG[wrong])
    elif reread and not _found(sentence, sources.anew(sentence.sha256)):
        yield fault("not_in_file", "อ่านไฟล์ใหม่แล้วไม่พบข้อความนี้", "Read anew, the file does not say this")
    if not _found(sentence, sources.before(document)):
        yield fault(
            "store_differs",
            "ข้อความ หน้า หรือตำแหน่งไม่ตรงกับที่อ่านจากเอกสาร",
            "Words, page or place are not what was read",
        )


def _document(session: Session, manifest: Manifest, sentence: Sentence) -> Document | None:
    return session.scalar(
        select(Document)
        .join(Delivery, Delivery.id == Document.delivery_id)
        .join(Submission, Submission.id == Delivery.submission_id)
        .where(
            Submission.name == manifest.submission,
            Delivery.number == manifest.delivery,
            Document.sha256 == sentence.sha256,
            Document.file == sentence.file,
        )
        .limit(1)
    )


def _found(sentence: Sentence, blocks: Mapping[int, Block]) -> bool:
    """Whether the sentence stands in its block, on its page, under its boxes; letter by letter but for spaces."""
    own = blocks.get(sentence.block) if sentence.block is not None else None
    return any(_stands_in(sentence, block) for block in ([own] if own else blocks.values()))


def _stands_in(sentence: Sentence, block: Block) -> bool:
    if squeezed(sentence.text) not in squeezed(block.text):
        return False
    if sentence.page not in {block.page, *(page for page, _ in block.more_boxes)}:
        return False
    if sentence.said_by == "reviewer":  # the boxes are of the words that were selected, not of whole lines
        return True
    boxes = [*block.boxes, *(box for _, box in block.more_boxes)]
    return all(any(_same(mine, box) for box in boxes) for mine in sentence.boxes)


def _same(mine: Corners, box: Corners) -> bool:
    """Whether two boxes are one; drafts keep hundredths of a point."""
    return all(abs(one - other) < NEAR for one, other in zip(mine, box, strict=True))
