"""Text shared between submissions, at the size of the country: ``python -m benchmarks.shared_text [--offices N] [--passages N]``.

245 offices with 3,000 passages each, made from a seed. Planted are passages of evidence that another office has with a tenth
of its words changed, and one template that every office pasted, a third of them with words changed. Printed: how long marking
takes (done once a document, when it is read) and comparing, the largest memory, the share of planted passages found, pairs told
that were not planted, and how often the template is told.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial

from pipeline.blocks import Block
from pipeline.findings.likeness.candidates import candidates
from pipeline.findings.likeness.fingerprints import fingerprint
from pipeline.findings.likeness.national_register import kept_by_hand, known_marks
from pipeline.findings.likeness.shared_text import FEWEST_NATIONAL, NATIONAL_SHARE, Round, Source

GOAL_SECONDS, GOAL_BYTES, GOAL_RECALL = 180, 2 * 1024**3, 0.98
EVIDENCE = 100
"""Passages of each office that its draft takes as evidence."""
PLANTED = 8
"""Passages of each office that another one has, a tenth of the words changed."""
CHANGED = 0.1
OPENINGS = (
    "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษามอบหมายให้กลุ่มนโยบายและแผน", "จากการนิเทศติดตามและประเมินผลการจัดการศึกษาพบว่า",
    "ที่ประชุมผู้บริหารสถานศึกษาประจำเดือนมีมติเห็นชอบให้", "สำนักงานเขตพื้นที่การศึกษาได้ดำเนินการอย่างต่อเนื่องในเรื่อง",
    "กลุ่มนิเทศติดตามและประเมินผลการจัดการศึกษาได้จัดทำ", "เพื่อให้การบริหารจัดการเป็นไปตามหลักธรรมาภิบาลจึง",
    "มีการแต่งตั้งคณะกรรมการดำเนินงานตามคำสั่งสำนักงานที่", "ผลการดำเนินงานเป็นไปตามเป้าหมายที่กำหนดไว้ในแผนปฏิบัติการ",
)  # fmt: skip
"""Wording that all of these documents share in parts, so that different passages are not wholly different."""


@cache
def words() -> tuple[str, ...]:
    """The dictionary's words of ordinary length."""
    from pythainlp.corpus.common import thai_words

    return tuple(
        sorted(
            word
            for word in thai_words()
            if 3 <= len(word) <= 9 and all("\u0e01" <= one <= "\u0e4e" for one in word)
        )
    )


def own(office: int, place: int) -> list[str]:
    """The words of a passage that no other office has."""
    rng = random.Random(office * 1_000_003 + place)
    vocabulary = words()
    made = [vocabulary[rng.randrange(len(vocabulary))] for _ in range(rng.randrange(16, 34))]
    return [OPENINGS[rng.randrange(len(OPENINGS))], *made] if rng.random() < 0.5 else made


def changed(text: list[str], rng: random.Random) -> list[str]:
    """The words with a tenth of them put in others' places."""
    vocabulary, text = words(), list(text)
    for place in rng.sample(range(len(text)), max(1, round(CHANGED * len(text)))):
        text[place] = vocabulary[rng.randrange(len(vocabulary))]
    return text


def planted_from(office: int, number: int, offices: int) -> tuple[int, int]:
    """Office and place from which an office has its planted passage of that number."""
    rng = random.Random(f"{office}:{number}")
    other = (office + 1 + number * 13 + rng.randrange(7)) % offices
    return (other if other != office else (other + 1) % offices), EVIDENCE + 200 + office * PLANTED + number


def passage(office: int, place: int, offices: int) -> str:
    """The passage of an office at a place: the template, a planted one, or its own."""
    if place == 0:
        template = own(10**6, 0)
        return "".join(changed(template, random.Random(office)) if office % 3 == 1 else template)
    if place <= PLANTED:
        return "".join(
            changed(own(*planted_from(office, place - 1, offices)), random.Random(office * 31 + place))
        )
    return "".join(own(office, place))


def block_of(office: int, offices: int, place: int) -> Block:
    """The passage as a block."""
    return Block(1 + place // 10, "paragraph", passage(office, place, offices))


def marks(office: int, offices: int, passages: int) -> bytes:
    """The marks of one office's document."""
    return fingerprint([block_of(office, offices, place) for place in range(passages)])


def main() -> None:
    """Make, mark, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offices", type=int, default=245)
    parser.add_argument("--passages", type=int, default=3_000)
    asked = parser.parse_args()
    offices, passages = asked.offices, asked.passages
    started = time.monotonic()
    with ProcessPoolExecutor(2) as pool:
        prints = list(pool.map(partial(marks, offices=offices, passages=passages), range(offices)))
    marked_in = time.monotonic() - started
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    marking = spent.ru_utime + spent.ru_stime
    text_of: Callable[[int], Callable[[int], Block]] = lambda office: partial(block_of, office, offices)  # noqa: E731
    sources = [
        Source(
            f"s{office:04}",
            f"o{office:04}",
            "report.pdf",
            prints[office],
            frozenset(range(EVIDENCE)),
            text_of(office),
            2565,
        )
        for office in range(offices)
    ]
    started, before = time.monotonic(), time.process_time()
    round_ = Round(sources)
    many = max(FEWEST_NATIONAL, int(NATIONAL_SHARE * offices) + 1)
    found = candidates(round_.marked, many, known_marks(kept_by_hand(), [2565]))
    told = {
        (source.submission, position, name)
        for source, shared in round_.shared(found)
        for name, one in shared.items()
        for position in (int(round_.marked.position[place]) for place in one.likest)
    }
    common = round_.common(found)
    took, comparing = time.monotonic() - started, time.process_time() - before
    wanted = {
        (f"s{office:04}", number + 1, f"s{planted_from(office, number, offices)[0]:04}")
        for office in range(offices)
        for number in range(PLANTED)
        if planted_from(office, number, offices)[1] < passages
    }
    back = {(other, name) for name, _, other in wanted}
    extra = [one for one in told if one not in wanted and (one[0], one[2]) not in back]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    recall = len(wanted & told) / len(wanted)
    print(
        f"passages {offices * passages:,}, marks {len(round_.marked.marks):,}, pairs looked at {len(found.pairs):,}"
    )
    print(f"marking (once, when read)  {marked_in:6.0f} s in 2 processes, {marking:.0f} s of processor time")
    print(f"comparing                  {took:6.0f} s in 1 process, {comparing:.0f} s of processor time")
    print(f"largest memory             {memory / 1024**3:6.2f} GiB")
    print(f"planted, a tenth changed   {len(wanted):6,}, found {recall:.3f} (goal {GOAL_RECALL})")
    print(f"told and not planted       {len(extra):6,}")
    print(
        f"template of all offices    told {len(common)} times, of {max((one.offices for one in common), default=0)} offices"
    )
    # other work on the machine is not ours: what two free cores would take
    alone = marking / 2 + comparing
    print(f"on two free cores          {alone:6.0f} s (goal {GOAL_SECONDS})")
    good = recall >= GOAL_RECALL and alone <= GOAL_SECONDS and memory <= GOAL_BYTES and len(common) == 1
    print("all goals met" if good else "below a goal")


if __name__ == "__main__":
    main()
