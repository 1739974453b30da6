"""Finding words in the documents' text: an index of three letters each over folded text, beside the blocks that hold it.

The index holds no text of its own. It tells which *runs* (sixteen blocks of one reading) hold all threes of what is
looked for; the blocks of those are then read and compared, so that whatever it is wrong about is never shown.
SQLite's FTS5 does it with its trigram tokenizer; PostgreSQL with numbers of the threes under a GIN index. Its pg_trgm
was left aside by reasoning, not by measuring: it needs an extension, and what a letter is it asks the database's locale,
so that under C it should see no Thai at all. What is used was measured (docs/review.md).
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, bindparam, delete, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Integer

from models.text.folding import FOLDING, folded
from pipeline.store.database import Store
from pipeline.store.tables import BlockRow, IndexedReading, Reading

RUN = 16
"""Blocks of one run: fewer make the index larger, more make it less exact."""
_BITS = 20
SHORTEST = 3
"""Letters, folded, that a word looked for needs."""
MOST_READINGS = 200
MOST_RUNS = 20_000
MOST_SECONDS = 0.4
"""After which looking ends, where something was found."""
LONGEST_SECONDS = 3.0
"""And where nothing was."""
_MOST_THREES = 48
_AT_ONCE = 60
_BLOCKS = text(  # asked thousands of times for one search
    "SELECT position, text FROM blocks WHERE reading_id = :reading AND position BETWEEN :first AND :last "
    "ORDER BY position"
)
READINGS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Place:
    """A block that holds what was looked for."""

    reading_id: int
    position: int
    text: str


@dataclass(frozen=True, slots=True)
class Places:
    """What was found: at most one block of each reading, the newest readings first.

    Attributes:
        more: there may be others; looking ended early.
    """

    found: tuple[Place, ...]
    more: bool


def words_of(search: str) -> tuple[str, ...]:
    """Return what is looked for, folded; every word must stand in the same block.

    >>> words_of("เเผนปฏิบัติการ ปี ๒๕๖๕")
    ('แผนปฏิบัติการ', 'ปี', '2565')
    """
    return tuple(word for word in dict.fromkeys(folded(part) for part in search.split()) if word)


def can_be_found(search: str) -> bool:
    """Tell whether at least one word is long enough for the index."""
    return any(len(word) >= SHORTEST for word in words_of(search))


def index_reading(session: Session, reading_id: int, texts: Sequence[str]) -> None:
    """Make a reading's text findable; ``texts`` are those of its blocks, in order."""
    rows = _run_rows(reading_id, texts)
    if rows and _is_sqlite(session):
        session.execute(text("INSERT INTO text_runs (rowid, text) VALUES (:id, :text)"), rows)
    elif rows:
        statement = text(
            "INSERT INTO text_runs (id, grams) VALUES (:id, :grams) ON CONFLICT (id) DO UPDATE SET grams = :grams"
        )
        session.execute(
            statement.bindparams(bindparam("grams", type_=ARRAY(Integer))),
            [{"id": row["id"], "grams": _numbers(_threes(str(row["text"])))} for row in rows],
        )
    session.merge(IndexedReading(reading_id=reading_id, folding=FOLDING))


def forget_reading(session: Session, reading_id: int, texts: Sequence[str]) -> None:
    """Take a reading's text out of the index; ``texts`` are those that it was indexed with.

    SQLite's index keeps no text, so that it must be told again what to forget. What was folded by another version
    cannot be told, and stays: it takes room, and is never shown, because what is found is compared.
    """
    indexed = session.get(IndexedReading, reading_id)
    if indexed is None:
        return
    if not _is_sqlite(session):
        first = reading_id << _BITS
        statement = text("DELETE FROM text_runs WHERE id >= :first AND id < :next")
        session.execute(statement, {"first": first, "next": first + (1 << _BITS)})
    elif indexed.folding == FOLDING and (rows := _run_rows(reading_id, texts)):
        statement = text("INSERT INTO text_runs (text_runs, rowid, text) VALUES ('delete', :id, :text)")
        session.execute(statement, rows)
    session.execute(delete(IndexedReading).where(IndexedReading.reading_id == reading_id))


def index_missing(store: Store) -> Iterator[int]:
    """Make all readings findable that are not yet, some in each transaction; tells how many were done each time."""
    while True:
        with store.transaction() as session:
            missing = list(session.scalars(_missing().order_by(Reading.id).limit(READINGS_AT_ONCE)))
            for reading_id in missing:
                blocks = select(BlockRow.text).where(BlockRow.reading_id == reading_id)
                index_reading(session, reading_id, list(session.scalars(blocks.order_by(BlockRow.position))))
        if not missing:
            return
        yield len(missing)


def has_missing(session: Session) -> bool:
    """Tell whether some readings, of an earlier version, cannot be searched yet."""
    return session.scalar(_missing().limit(1)) is not None


def find_places(session: Session, search: str) -> Places:
    """Return blocks that hold all words of ``search``.

    Looking ends early after many readings or some tenths of a second: whoever looks for a word that stands in every
    document has to say more.
    """
    wanted = words_of(search)
    if not can_be_found(search):
        return Places((), more=False)
    start = time.monotonic()
    found: dict[int, Place] = {}
    runs = 0
    for candidates in _batches(_runs(session, wanted)):
        new = [run for run in candidates if run >> _BITS not in found]
        runs += len(candidates)
        for place in _compared(session, new, wanted):
            found.setdefault(place.reading_id, place)
        spent = time.monotonic() - start
        if len(found) >= MOST_READINGS or spent > (MOST_SECONDS if found else LONGEST_SECONDS):
            return Places(tuple(found.values())[:MOST_READINGS], more=True)
    return Places(tuple(found.values()), more=runs >= MOST_RUNS)


def _run_rows(reading_id: int, texts: Sequence[str]) -> list[dict[str, object]]:
    return [
        {
            "id": (reading_id << _BITS) + run,
            "text": "\n".join(map(folded, texts[run * RUN : (run + 1) * RUN])),
        }
        for run in range(-(-len(texts) // RUN))
    ]


def _missing() -> Select[int]:
    done = select(IndexedReading.reading_id).where(IndexedReading.folding == FOLDING)
    return select(Reading.id).where(Reading.id.not_in(done))


def _runs(session: Session, wanted: Sequence[str]) -> Iterator[int]:
    """Give the runs that hold all threes, newest readings first."""
    threes = _few(sorted({three for word in wanted for three in _threes(word)}))
    if _is_sqlite(session):
        match = " AND ".join('"' + three.replace('"', '""') + '"' for three in threes)
        statement = text(
            "SELECT rowid FROM text_runs WHERE text_runs MATCH :match ORDER BY rowid DESC LIMIT :most"
        )
        yield from session.scalars(statement, {"match": match, "most": MOST_RUNS})
        return
    statement = text("SELECT id FROM text_runs WHERE grams @> :grams ORDER BY id DESC LIMIT :most")
    statement = statement.bindparams(bindparam("grams", type_=ARRAY(Integer)))
    yield from session.scalars(statement, {"grams": _numbers(threes), "most": MOST_RUNS})


def _compared(session: Session, runs: Sequence[int], wanted: Sequence[str]) -> Iterator[Place]:
    """Give the blocks of these runs that really hold all words."""
    for run in runs:
        reading, first = run >> _BITS, (run & ((1 << _BITS) - 1)) * RUN
        for position, words in session.execute(
            _BLOCKS, {"reading": reading, "first": first, "last": first + RUN - 1}
        ):
            plain = folded(words)
            if all(word in plain for word in wanted):
                yield Place(reading, position, words)
                break


def _batches(runs: Iterable[int]) -> Iterator[list[int]]:
    """Give runs some at a time, one of each reading in a batch: a second one is only of use where the first was wrong."""
    batch: list[int] = []
    for run in runs:
        if len(batch) >= _AT_ONCE or (batch and batch[-1] >> _BITS == run >> _BITS):
            yield batch
            batch = []
        batch.append(run)
    if batch:
        yield batch


def _threes(words: str) -> set[str]:
    return {words[at : at + SHORTEST] for at in range(len(words) - SHORTEST + 1)}


def _few(threes: Sequence[str]) -> list[str]:
    """Return some of the threes: the comparing afterwards is exact, and each of them costs time."""
    step = max(1, -(-len(threes) // _MOST_THREES))
    return list(threes[::step])


def _numbers(threes: Iterable[str]) -> list[int]:
    """Return the threes as numbers of 32 bits with a sign, as PostgreSQL keeps them."""
    return sorted({zlib.crc32(three.encode()) - (1 << 31) for three in threes})


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
