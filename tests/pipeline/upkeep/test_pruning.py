"""What is old and unused goes, and tells beforehand; what a review, a document or a newer draft rests on stays."""

import datetime as dt
import io
import os
from pathlib import Path

from sqlalchemy import func, select, text, update

from pipeline.intake.files import LocalFiles
from pipeline.intake.kept_at import KeptAt
from pipeline.store import readings, text_index
from pipeline.store.database import Store
from pipeline.store.tables import (
    Batch,
    BatchItem,
    BlockRow,
    Document,
    DraftRow,
    EvidenceRow,
    IndexedReading,
    LetterFile,
    LetterRow,
    ModelFile,
    Reading,
    Review,
    ReviewEvidence,
    SourceFile,
    Submission,
    User,
)
from pipeline.upkeep.pruning import Pruned, give_room_back, prune
from tests import examples
from tests.pipeline.store.test_drafts import save

NOW = dt.datetime.now(dt.UTC)
LONG_AGO = NOW - dt.timedelta(days=400)
CUTOFF = NOW - dt.timedelta(days=30)
RUNS = {
    True: "SELECT rowid FROM text_runs WHERE text_runs MATCH '\"กัน\"'",
    False: "SELECT id FROM text_runs",
}
MODELS = ("m1", "m2", "m3")


def three_drafts(store: Store, name: str, files_key: str = "k1") -> list[int]:
    """The same delivery drafted by three models, all long ago; the last is current."""
    made = []
    for model in MODELS:
        with store.transaction() as session:
            made.append(save(session, examples.draft(name).model_copy(update={"model": model}), files_key).id)
    with store.transaction() as session:
        session.execute(update(DraftRow).values(created_at=LONG_AGO))
        session.execute(update(Reading).values(read_at=LONG_AGO))
    return made


def left(store: Store) -> set[int]:
    with store.reading() as session:
        return set(session.scalars(select(DraftRow.id)))


def test_drafts_that_newer_ones_replaced_go_and_the_current_stays(store: Store, tmp_path: Path) -> None:
    first, second, current = three_drafts(store, "s01")
    with store.transaction() as session:
        batch = Batch(inbox="x", rubric="r", model="m1", reader="1")
        session.add(batch)
        session.flush()
        submission = session.scalars(select(Submission)).one()
        session.add(
            BatchItem(batch_id=batch.id, submission_id=submission.id, draft_id=first, outcome="drafted")
        )
    told = prune(store, KeptAt(tmp_path), CUTOFF, dry=True)
    assert told.drafts == 2 and left(store) == {first, second, current}
    assert prune(store, KeptAt(tmp_path), CUTOFF, dry=False) == told
    assert left(store) == {current}
    with store.reading() as session:
        assert session.scalars(select(EvidenceRow.draft_id).distinct()).all() == [current]
        assert session.scalars(select(BatchItem.outcome)).all() == [
            "drafted"
        ]  # what the batch did is not forgotten
    assert prune(store, KeptAt(tmp_path), CUTOFF, dry=False).drafts == 0
    give_room_back(store)


def test_a_draft_that_was_ever_reviewed_stays_for_good(store: Store, tmp_path: Path) -> None:
    reviewed, corrected, current = three_drafts(store, "s01")
    with store.transaction() as session:
        user = User(name="malee", role="reviewer")
        session.add(user)
        session.flush()
        submission = session.scalars(select(Submission)).one()
        review = Review(submission_id=submission.id, draft_id=reviewed, user_id=user.id)
        session.add(review)
        session.flush()
        evidence = session.scalars(select(EvidenceRow).where(EvidenceRow.draft_id == corrected)).first()
        assert evidence is not None
        session.add(
            ReviewEvidence(
                review_id=review.id,
                point=1,
                evidence_id=evidence.id,
                document_id=evidence.document_id,
                verdict="good",
            )
        )
    assert prune(store, KeptAt(tmp_path), CUTOFF, dry=False).drafts == 0
    assert left(store) == {reviewed, corrected, current}


def test_the_only_draft_of_an_earlier_delivery_and_what_is_young_stay(store: Store, tmp_path: Path) -> None:
    with store.transaction() as session:
        earlier = save(session, examples.draft("s01"), "k1").id
    with store.transaction() as session:
        later = save(session, examples.draft("s01"), "k2").id
        session.execute(update(DraftRow).values(created_at=LONG_AGO))
    assert prune(store, KeptAt(tmp_path), CUTOFF, dry=False).drafts == 0
    assert left(store) == {earlier, later}
    three_drafts(store, "s02")
    with store.transaction() as session:
        session.execute(update(DraftRow).values(created_at=NOW))
    assert prune(store, KeptAt(tmp_path), CUTOFF, dry=False).drafts == 0


def test_readings_of_an_old_reader_go_unless_something_shows_them(store: Store, tmp_path: Path) -> None:
    three_drafts(store, "s01")  # its document shows the reading of SHA
    with store.transaction() as session:
        shown = session.scalars(select(Document.reading_id).where(Document.reading_id.is_not(None))).first()
        old = readings.save_reading(session, examples.reading(["x", "y"]), "older", 0.1, b"")
        session.flush()
        readings.save_reading(session, examples.reading(["x", "y"]), "newer", 0.1, b"")
        stranger = readings.save_reading(session, examples.reading(["z"], sha256="f" * 64), "2", 0.1, b"")
        session.execute(update(Reading).where(Reading.id.in_([old, stranger])).values(read_at=LONG_AGO))
    told = prune(store, KeptAt(tmp_path), CUTOFF, dry=True)
    assert (told.readings, told.blocks) == (2, 3)
    assert prune(store, KeptAt(tmp_path), CUTOFF, dry=False) == told
    with store.reading() as session:
        assert shown in set(session.scalars(select(Reading.id)))
        assert not set(session.scalars(select(Reading.id))) & {old, stranger}
        assert (
            session.scalar(select(func.count()).select_from(BlockRow).where(BlockRow.reading_id == old)) == 0
        )


def test_files_that_nothing_names_go_with_what_can_be_made_again(sqlite_store: Store, tmp_path: Path) -> None:
    files = LocalFiles(tmp_path / "files")

    def kept(content: bytes, old: bool = True) -> Path:
        source = tmp_path / "incoming"
        source.write_bytes(content)
        place = files.path(files.put_file(source).sha256)
        source.unlink()
        if old:
            os.utime(place, (LONG_AGO.timestamp(),) * 2)
        return place

    unused, young, fetched = kept(b"unused"), kept(b"young", old=False), kept(b"fetched")
    with sqlite_store.transaction() as session:
        session.add(SourceFile(url="u", stamp="1", size=7, sha256=fetched.name))
    (tmp_path / "ocr" / "ab").mkdir(parents=True)
    picture = tmp_path / "ocr" / "ab" / "page.json"
    copy = tmp_path / "khetcheck.sqlite3.at-0007"
    for made in (picture, copy):
        made.write_bytes(b"1234")
        os.utime(made, (LONG_AGO.timestamp(),) * 2)
    told = prune(sqlite_store, KeptAt(tmp_path), CUTOFF, dry=True)
    assert told == Pruned(0, 0, 0, files=1, leftovers=2, bytes=6 + 8)
    assert prune(sqlite_store, KeptAt(tmp_path), CUTOFF, dry=False) == told
    assert not unused.exists() and young.exists() and fetched.exists()
    assert not picture.exists() and not copy.exists() and (tmp_path / "khetcheck.sqlite3").exists()


def test_shared_results_of_ocr_go_from_a_folder_when_they_are_old_and_stay_elsewhere(
    sqlite_store: Store, tmp_path: Path
) -> None:
    far = KeptAt(tmp_path, f"file://{tmp_path}/far")
    near = KeptAt(tmp_path, str(tmp_path / "near"))
    for kept in (far, near):
        for name in ("ocr/aa/old", "ocr/aa/young"):
            kept.open().put_named(name, b"1234")
    for place in ("far", "near"):
        os.utime(tmp_path / place / "ocr/aa/old", (LONG_AGO.timestamp(),) * 2)
    for kept in (far, near):
        prune(sqlite_store, kept, CUTOFF, dry=False)
    left = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("*/ocr/aa/*"))
    assert left == ["far/ocr/aa/old", "far/ocr/aa/young", "near/ocr/aa/young"]


def test_a_file_that_is_wanted_anew_is_young_again(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path / "files")
    source = tmp_path / "source"
    source.write_bytes(b"the same twice")
    place = files.path(files.put_file(source).sha256)
    os.utime(place, (LONG_AGO.timestamp(),) * 2)
    files.put_file(source)
    assert place.stat().st_mtime > CUTOFF.timestamp()


def test_letters_and_shared_models_keep_their_files(store: Store, tmp_path: Path) -> None:
    kept = KeptAt(tmp_path)
    model, word, paper, passing = (
        kept.open().put(io.BytesIO(words)).sha256 for words in (b"model", b"word", b"pdf", b"passing")
    )
    for one in (model, word, paper, passing):
        os.utime(kept.open().path(one), (LONG_AGO.timestamp(),) * 2)
    with store.transaction() as session:
        draft = save(session, examples.draft("s01"), "k1")
        session.add(ModelFile(model="m", file="model.json", sha256=model))
        letter = LetterRow(
            submission_id=draft.submission_id,
            delivery_id=draft.delivery_id,
            draft_id=draft.id,
            number=1,
            key="k",
            rubric="r",
            model="m",
            docx=word,
        )
        session.add(letter)
        session.flush()
        for sha256, lasting in ((paper, True), (passing, False)):
            session.add(LetterFile(letter_id=letter.id, sha256=sha256, form="pdf", key="k", kept=lasting))
    assert prune(store, kept, CUTOFF, dry=False).files == 1
    assert [kept.open().has(one) for one in (model, word, paper, passing)] == [True, True, True, False]


def test_what_goes_is_found_no_more_and_its_neighbours_are(store: Store, tmp_path: Path) -> None:
    with store.transaction() as session:
        old = readings.save_reading(session, examples.reading(["โครงการเก่า", "ร่วมกัน"]), "older", 0.1, b"")
        session.flush()
        new = readings.save_reading(session, examples.reading(["โครงการใหม่", "ร่วมกัน"]), "newer", 0.1, b"")
        session.execute(update(Reading).where(Reading.id == old).values(read_at=LONG_AGO))
        stored = session.scalars(select(IndexedReading.reading_id)).all()
    assert set(stored) == {old, new}
    assert prune(store, KeptAt(tmp_path), CUTOFF, dry=False).readings == 1
    with store.reading() as session:
        assert session.execute(text(RUNS[store.is_sqlite])).scalars().all() == [new << 20]
        assert session.scalars(select(IndexedReading.reading_id)).all() == [new]
        found = text_index.find_places(session, "ร่วมกัน").found
    assert [place.reading_id for place in found] == [new]
