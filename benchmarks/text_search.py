"""How quickly words are found in the documents' text, and how large the index is, on a store filled with made-up documents.

The texts are chains of words as they follow each other in the labelled corpus, so that common and rare threes of letters
are as common and as rare as in real ones. One block in forty names a made-up school, for words that stand once or a few
times. Each search is asked for as the queue asks, three times with a cold connection; the slowest counts.
The time in which this process itself worked is told beside it: on a busy machine the rest was waiting for a processor.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from sqlalchemy import insert, text

from models.text.tokenizer import segment
from pipeline.store.database import Store
from pipeline.store.tables import BlockRow, Reading
from pipeline.store.text_index import find_places, index_reading

CORPUS = Path(__file__).parents[1] / "models" / "corpus"
PROMISED_MS = 500
BLOCKS_OF_A_READING = 400
POOL = 60_000
READINGS_AT_ONCE = 25
_NAMES = "กา ดอน หนอง ห้วย ทุ่ง แม่ โนน สัก ไผ่ ยาง แก้ว คำ เหล่า หญ้า น้ำ ใส ม่วง บัว ทอง ไทร เกาะ ขาม จอม ศรี วัง ลาด"
SYLLABLES = _NAMES.split()


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--blocks", type=int, default=200_000)
    options.add_argument("--store", help="another database, empty; it is filled and left so")
    options.add_argument("--folder", type=Path, help="make the database in this folder and leave it there")
    options.add_argument("--json", type=Path, help="write the figures here")
    given = options.parse_args(arguments)
    with contextlib.ExitStack() as stack:
        home = given.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = stack.enter_context(contextlib.closing(Store.at(home, given.store)))
        chance = random.Random(11)
        seconds, needles = fill(store, given.blocks, chance)
        figures = {
            "engine": engine(store),
            "blocks": given.blocks,
            "filled in s": round(seconds),
            **sizes(store),
            **times(store, needles),
        }
    for name, value in figures.items():
        print(f"{name:44}{value}")
    slowest = max(value for name, value in figures.items() if name.startswith("ms, "))
    print(f"{'slowest':44}{slowest} ms; promised: {PROMISED_MS} ms")
    if given.json:
        given.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1), "utf-8")


def fill(store: Store, blocks: int, chance: random.Random) -> tuple[float, list[str]]:
    """Store readings until there are so many blocks; returns how long it took, and some schools that were named."""
    start = time.monotonic()
    pool = pool_of_texts(chance)
    needles: list[str] = []
    made = 0
    while made < blocks:
        with store.transaction() as session:
            if store.is_sqlite:
                session.execute(text("PRAGMA cache_size = -200000"))
            for _ in range(READINGS_AT_ONCE):
                count = min(BLOCKS_OF_A_READING, blocks - made)
                if count <= 0:
                    break
                texts = [told(pool, chance, needles) for _ in range(count)]
                row = Reading(sha256=f"{made:064}", reader="benchmark", pages=count // 10, read_by="text")
                session.add(row)
                session.flush()
                session.execute(
                    insert(BlockRow), [block(row.id, at, words) for at, words in enumerate(texts)]
                )
                index_reading(session, row.id, texts)
                made += count
    with store.transaction() as session:
        session.execute(text("ANALYZE"))
    return time.monotonic() - start, needles


def told(pool: Sequence[str], chance: random.Random, needles: list[str]) -> str:
    words = chance.choice(pool)
    if chance.random() < 1 / 40:
        school = f"โรงเรียนบ้าน{''.join(chance.choices(SYLLABLES, k=4))}วิทยา {chance.randint(1, 99)}"
        if len(needles) < 1000:
            needles.append(school)
        return f"{words} {school}"
    return words


def block(reading: int, position: int, words: str) -> dict[str, object]:
    return {
        "reading_id": reading,
        "position": position,
        "page": position // 10 + 1,
        "type": "paragraph",
        "text": words,
        "heading_path": ["2 ผลการดำเนินงาน"],
        "boxes": [[56.7, 100.0, 540.0, 118.0], [56.7, 120.0, 400.0, 138.0]],
    }


def pool_of_texts(chance: random.Random) -> list[str]:
    """Texts of 6 to 40 words, each word one that follows the one before it somewhere in the corpus."""
    follows: dict[str, list[str]] = defaultdict(list)
    for words in corpus_texts():
        parts = segment(words)
        for one, following in pairwise(parts):
            follows[one].append(following)
    starts = list(follows)
    found = []
    for _ in range(POOL):
        word = chance.choice(starts)
        words = [word]
        for _ in range(chance.randint(6, 40)):
            word = chance.choice(follows.get(word) or starts)
            words.append(word)
        found.append("".join(words))
    return found


def corpus_texts() -> Iterator[str]:
    for path in sorted(CORPUS.glob("*/*.txt")):
        yield from filter(str.strip, path.read_text("utf-8").splitlines())


def engine(store: Store) -> str:
    with store.reading() as session:
        if store.is_sqlite:
            return f"SQLite {session.scalar(text('SELECT sqlite_version()'))}, FTS5 trigram"
        return f"PostgreSQL {session.scalar(text('SHOW server_version'))}, GIN over integer[]"


def sizes(store: Store) -> dict[str, str]:
    """Size of the index and of all, in MiB."""
    with store.reading() as session:
        if store.is_sqlite:
            whole = session.scalar(
                text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            )
            index = session.scalar(text("SELECT SUM(LENGTH(block)) FROM text_runs_data"))
        else:
            whole = session.scalar(
                text(
                    "SELECT SUM(pg_total_relation_size(c.oid)) FROM pg_class c "
                    "WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'"
                )
            )
            index = session.scalar(text("SELECT pg_total_relation_size('text_runs')"))
    return {"index, MiB": f"{int(index or 0) / 2**20:.0f}", "database, MiB": f"{int(whole or 0) / 2**20:.0f}"}


def times(store: Store, needles: Sequence[str]) -> dict[str, int]:
    searches = {
        "a word of every document": "การดำเนินงาน",
        "three letters": "แผน",
        "two common words": "แผนปฏิบัติการ ผู้บริหาร",
        "a phrase with slips": "เเผนปฎิบัติการประจําปี",
        "a year": "๒๕๖๕",
        "a school": needles[0],
        "a school, no tones": needles[-1].translate({ord(tone): None for tone in "่้๊๋"}),
        "half a school": needles[len(needles) // 2][:18],
        "nothing": "ฮูกฮอกกะเหรี่ยงโพล่งพล่าน",
        "common letters, never met": "การงานแผนผู้การประการแผน",
    }
    found = {}
    for name, search in searches.items():
        taken = []
        for _ in range(3):
            store.close()
            start, used = time.perf_counter(), time.process_time()
            with store.reading() as session:
                places = find_places(session, search)
            wall = 1000 * (time.perf_counter() - start)
            taken.append((wall, 1000 * (time.process_time() - used)))
        count = f"{len(places.found)}{'+' if places.more else ''}"
        found[f"ms, {name} ({count} found)"] = round(max(wall for wall, _ in taken))
        found[f"  of which this process worked, {name}"] = round(max(used for _, used in taken))
    return found


if __name__ == "__main__":
    main()
