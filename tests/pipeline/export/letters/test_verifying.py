"""``verify`` passes on a letter as it was written and fails after one changed letter, in the letter, a file or the store."""

import json
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
from sqlalchemy import select, update

from pipeline.export.letters.carrying import ATTACHMENT, NAMESPACE, manifest_in
from pipeline.export.letters.letter_life import freeze_letter, write_letter
from pipeline.export.letters.verifying import Verdict, verify_letter
from pipeline.export.request import Request
from pipeline.reading import DEFAULT_LIMITS
from pipeline.store.database import Store
from pipeline.store.tables import BlockRow, DraftRow, EvidenceRow
from rubric.exceptions import NotFoundError
from tests.needs import needs_office
from tests.pipeline.export import reviewed
from tests.pipeline.export.letters.desks import desk_of, files_of
from tests.pipeline.review.samples import RUBRIC, pdf_document, store_case


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.at(tmp_path / "home")
    reviewed.fill(opened, tmp_path / "home")
    yield opened
    opened.close()


def verified(store: Store, letter: Path, **given: Any) -> Verdict:
    return verify_letter(store, files_of(store), letter, Request(rubric=RUBRIC), DEFAULT_LIMITS, **given)


def codes(verdict: Verdict) -> set[str]:
    return {fault.code for fault in verdict.faults}


def written(store: Store, folder: Path, name: str = "letter.docx") -> Path:
    write_letter(desk_of(store), "s01", folder / name)
    return folder / name


def resaved(path: Path, change: Any) -> Path:
    document = docx.Document(str(path))
    change(document)
    document.save(str(path))
    return path


def test_it_passes_on_a_letter_as_written_and_on_one_saved_again(store: Store, tmp_path: Path) -> None:
    letter = written(store, tmp_path)
    verdict = verified(store, letter)
    assert verdict.holds and verdict.checked >= 8 and verdict.state == "draft" and not verdict.stale
    assert verified(store, resaved(letter, lambda _: None)).holds
    freeze_letter(desk_of(store), "s01", "", tmp_path / "frozen.docx")
    assert verified(store, tmp_path / "frozen.docx").state == "frozen"


def test_one_changed_letter_anywhere_in_the_letter_is_told(store: Store, tmp_path: Path) -> None:
    lot = random.Random(7)
    letter = written(store, tmp_path)
    whole = letter.read_bytes()
    runs = [run for one in docx.Document(str(letter)).paragraphs for run in one.runs if run.text.strip()]
    for at in lot.sample(range(len(runs)), 12):

        def change(document: Any, at: int = at) -> None:
            run = [run for one in document.paragraphs for run in one.runs if run.text.strip()][at]
            place = lot.choice([i for i, letter in enumerate(run.text) if not letter.isspace()])
            run.text = run.text[:place] + ("ก" if run.text[place] != "ก" else "ข") + run.text[place + 1 :]

        letter.write_bytes(whole)
        verdict = verified(store, resaved(letter, change))
        assert not verdict.holds and "text" in codes(verdict) and not verdict.missing

    letter.write_bytes(whole)
    cell = resaved(letter, lambda document: document.tables[1].rows[1].cells[1].paragraphs[0].add_run("ๆ"))
    assert codes(verified(store, cell)) == {"text"}


def test_a_letter_whose_manifest_was_changed_with_its_text_is_told(store: Store, tmp_path: Path) -> None:
    letter = written(store, tmp_path)
    with zipfile.ZipFile(letter) as package:
        parts = {entry: package.read(entry) for entry in package.namelist()}
    with zipfile.ZipFile(letter, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content.replace(b"94.17", b"99.17"))
    verdict = verified(store, letter)
    assert codes(verdict) == {"manifest", "store_differs"}
    assert [fault.sentence for fault in verdict.faults if fault.sentence] == ["1.1"]


def test_a_changed_kept_file_fails_and_a_lost_one_cannot_be_told(store: Store, tmp_path: Path) -> None:
    letter = written(store, tmp_path)
    manifest = manifest_in(letter)
    assert manifest is not None
    kept = files_of(store).path(manifest.files[0].sha256)
    whole = kept.read_bytes()
    kept.write_bytes(whole.replace(b"report", b"repart", 1))
    verdict = verified(store, letter)
    assert codes(verdict) == {"file_changed"} and not verdict.holds and not verdict.missing
    kept.unlink()
    assert verified(store, letter).missing


def test_one_changed_letter_in_the_store_is_told(store: Store, tmp_path: Path) -> None:
    letter = written(store, tmp_path)
    with store.transaction() as session:
        block = session.scalars(select(BlockRow).where(BlockRow.text.like("%94.17%"))).first()
        assert block is not None
        block.text = block.text.replace("94.17", "94.27")
    verdict = verified(store, letter)
    assert [(fault.code, fault.sentence) for fault in verdict.faults] == [("store_differs", "1.1")]


def test_a_letter_that_was_true_and_no_longer_is_holds_and_says_so(store: Store, tmp_path: Path) -> None:
    letter = written(store, tmp_path)
    with store.transaction() as session:
        session.execute(update(DraftRow).values(model="words-2"))
        session.execute(
            update(EvidenceRow).where(EvidenceRow.text.like("%94.17%")).values(listed="near_miss")
        )
    verdict = verified(store, letter)
    assert verdict.holds and [reason.en for reason in verdict.stale] == [
        "the model changed from words-1 to words-2",
        "other passages count as evidence",
    ]


def test_what_is_no_letter_is_told_and_what_is_not_there_refused(store: Store, tmp_path: Path) -> None:
    letter = written(store, tmp_path)
    for name, content in (("a.docx", b""), ("a.pdf", b"%PDF-1.4 nothing"), ("a.txt", "ก".encode())):
        (tmp_path / name).write_bytes(content)
        assert codes(verified(store, tmp_path / name)) == {"no_letter"}
    docx.Document().save(str(tmp_path / "plain.docx"))
    assert codes(verified(store, tmp_path / "plain.docx")) == {"no_letter"}
    with pytest.raises(NotFoundError):
        verified(store, tmp_path / "none.docx")
    other = Store.at(tmp_path / "other")
    assert "unknown_letter" in codes(verified(other, resaved(letter, lambda _: None)))
    other.close()


def test_the_manifest_travels_as_documented(store: Store, tmp_path: Path) -> None:
    with zipfile.ZipFile(written(store, tmp_path)) as package:
        carried = [
            package.read(name).decode() for name in package.namelist() if name.startswith("customXml/item")
        ]
    assert [NAMESPACE in text for text in carried].count(True) == 1
    manifest = manifest_in(tmp_path / "letter.docx")
    assert manifest is not None
    data = json.loads(manifest.as_json())
    assert data["khetcheck"] == "letter/1" and data["score"] == 3
    first = data["sentences"][0]
    assert set(first) >= {"id", "point", "text", "file", "sha256", "page", "boxes"}
    assert len(first["sha256"]) == 64 and first["boxes"]


@needs_office
def test_a_pdf_carries_it_too_and_the_files_are_read_anew(tmp_path: Path) -> None:
    store = Store.at(tmp_path / "home")
    users = reviewed.people(store)
    store_case(store, tmp_path / "home", "s01", documents=[pdf_document(tmp_path)])
    reviewed.read(store, "s01", users["malee"], "first", dict.fromkeys(range(1, 7), "done"), 1)
    letter = written(store, tmp_path, "letter.pdf")
    verdict = verified(store, letter, reread=True)
    assert verdict.holds, verdict.faults
    with pikepdf.open(letter, allow_overwriting_input=True) as pdf:
        assert ATTACHMENT in pdf.attachments
        pdf.save(letter)
    again = verified(store, letter)
    assert again.holds, "saved again by another program, its text the same"

    source = docx.Document(str(written(store, tmp_path, "letter.docx")))
    run = next(run for one in source.paragraphs for run in one.runs if "94.17" in run.text)
    run.text = run.text.replace("94.17", "94.71")
    source.save(str(tmp_path / "forged.docx"))
    from pipeline.export.letters.letter_file import as_pdf

    forged = as_pdf(tmp_path / "forged.docx", tmp_path / "home", DEFAULT_LIMITS)
    verdict = verified(store, forged)
    assert {"sentence_gone", "text"} <= codes(verdict), verdict.faults
    store.close()
