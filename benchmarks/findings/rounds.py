"""Planted cases and near misses of likeness: a round of a dozen offices, one of which shares evidence or files."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

from benchmarks.findings.making import YEAR, edited
from pipeline.blocks import Block
from pipeline.findings.likeness.fingerprints import fingerprint
from pipeline.findings.likeness.national_register import kept_by_hand, of_rubric
from pipeline.findings.likeness.same_files import Sent, same_files_between
from pipeline.findings.likeness.shared_text import Source, compare
from rubric import load_rubric

RUBRIC = load_rubric("esa-2560-1.1")
NATIONAL = (*of_rubric(RUBRIC), *kept_by_hand())
OFFICES = 12
PASSAGES = 14


class Round:
    """Documents of a dozen offices whose passages are their own."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.texts = {
            f"s{number:02}": [own_passage(rng) for _ in range(PASSAGES)] for number in range(OFFICES)
        }
        self.kinds = {name: ["paragraph"] * PASSAGES for name in self.texts}
        self.offices = {name: name for name in self.texts}
        self.years = dict.fromkeys(self.texts, YEAR)
        self.files: list[Sent] = []

    def pick(self, count: int = 2) -> list[str]:
        """Draw submissions."""
        return self.rng.sample(sorted(self.texts), count)

    def put(self, name: str, text: str, kind: str = "paragraph") -> None:
        """Put a passage of evidence into a submission's document."""
        self.texts[name].append(text)
        self.kinds[name].append(kind)

    def sources(self) -> Sequence[Source]:
        """Return the documents for comparing; all passages are evidence."""
        found = []
        for name, texts in self.texts.items():
            blocks = [
                Block(1 + at // 6, kind, text)  # type: ignore[arg-type]
                for at, (text, kind) in enumerate(zip(texts, self.kinds[name], strict=True))
            ]
            evidence = frozenset(range(len(blocks)))
            found.append(
                Source(
                    name,
                    self.offices[name],
                    "report.pdf",
                    fingerprint(blocks),
                    evidence,
                    blocks.__getitem__,
                    self.years[name],
                )
            )
        return found

    def told(self) -> Counter[str]:
        """Count the findings of each kind."""
        compared = compare(self.sources(), NATIONAL).findings
        shared = [one for found in compared.values() for one in found]
        files = [one for found in same_files_between(self.files).values() for one in found]
        return Counter(one.kind for one in (*shared, *files))


def own_passage(rng: random.Random) -> str:
    """A passage with words that no other one has in this order."""
    from benchmarks.shared_text import OPENINGS, words

    vocabulary = words()
    made = "".join(rng.choice(vocabulary) for _ in range(rng.randrange(18, 40)))
    return rng.choice(OPENINGS) + made if rng.random() < 0.6 else made


def copied(rng: random.Random) -> Round:
    """A passage of evidence of one office in another's, whole or with a tenth of its words changed."""
    made = Round(rng)
    one, other = made.pick()
    text = rng.choice(made.texts[one])
    made.put(
        other, rng.choice((text, edited(rng, text, 0.1), edited(rng, text, 0.05), text.replace(" ", "")))
    )
    return made


def not_copied(rng: random.Random) -> Round:
    """National wording, the rubric's words, a template of many offices, a staff list, one office's two rounds."""
    made = Round(rng)
    one, other = made.pick()
    choice = rng.randrange(6)
    if choice == 0:
        national = rng.choice([wording.text for wording in kept_by_hand() if wording.holds(YEAR)])
        for name in (one, other):
            made.put(name, national if name == one else edited(rng, national, 0.05))
    elif choice == 1:
        for name in (one, other):
            made.put(name, rng.choice(RUBRIC.points).wording + " " + rng.choice(RUBRIC.guidance or ("",)))
    elif choice == 2:
        template = own_passage(rng)
        for name in made.pick(8):
            made.put(name, edited(rng, template, 0.04))
    elif choice == 3:
        for name in (one, other):
            person = "".join(rng.sample("กขคงจชดตทนบปพมยรลวสหอ", 12))
            made.put(
                name,
                f"| นาย{person} | ผู้อำนวยการสถานศึกษา วิทยฐานะผู้อำนวยการชำนาญการพิเศษ | กรรมการและเลขานุการ |",
                "table_row",
            )
    elif choice == 4:  # the 6- and the 12-month report of one office
        made.offices[other] = made.offices[one]
        made.put(other, rng.choice(made.texts[one]))
    else:  # the same opening, other deeds
        from benchmarks.shared_text import OPENINGS

        for name in (one, other):
            made.put(name, rng.choice(OPENINGS[:3]) + own_passage(rng))
    return made


def repeated(rng: random.Random) -> Round:
    """A passage of an office's report of last year in this year's."""
    made = Round(rng)
    one, other = made.pick()
    made.offices[other], made.years[one] = made.offices[one], YEAR - 1
    text = rng.choice(made.texts[one])
    made.put(other, rng.choice((text, edited(rng, text, 0.1))))
    return made


def not_repeated(rng: random.Random) -> Round:
    """Both rounds of one year, or two years with deeds of their own."""
    made = Round(rng)
    one, other = made.pick()
    made.offices[other] = made.offices[one]
    if rng.random() < 0.5:
        made.put(other, rng.choice(made.texts[one]))
    else:
        made.years[one] = YEAR - 1
        national = rng.choice([wording.text for wording in kept_by_hand() if wording.holds(YEAR)])
        for name in (one, other):
            made.put(name, national)
    return made


def _sent(made: Round, name: str, sha: str, file: str = "รายงาน.pdf", kind: str = "report") -> Sent:
    return Sent(name, made.offices[name], made.years[name], file, kind, sha, 20)  # type: ignore[arg-type]


def file_of_another(rng: random.Random) -> Round:
    """One file in two offices' submissions, or an office's own of last year."""
    made = Round(rng)
    one, other = made.pick()
    if rng.random() < 0.3:
        made.offices[other], made.years[one] = made.offices[one], YEAR - 1
    made.files = [_sent(made, name, f"{at:064}") for at, name in enumerate(made.texts)]
    made.files += [
        _sent(made, name, "f" * 64, rng.choice(("แผน.pdf", "annex.docx")), rng.choice(("plan", "other")))
        for name in (one, other)
    ]
    return made


def file_of_many(rng: random.Random) -> Round:
    """A circular that many attach, and a file that an office sends in both rounds of a year."""
    made = Round(rng)
    one, other = made.pick()
    made.files = [_sent(made, name, f"{at:064}") for at, name in enumerate(made.texts)]
    if rng.random() < 0.5:
        made.files += [
            _sent(made, name, "c" * 64, "หนังสือเวียน.pdf", "other") for name in made.pick(rng.randrange(4, 12))
        ]
    else:
        made.offices[other] = made.offices[one]
        made.files = [_sent(made, name, f"{at:064}") for at, name in enumerate(made.texts)]
        made.files += [_sent(made, name, "e" * 64) for name in (one, other)]
    return made


KINDS = {
    "copied_text": (copied, not_copied),
    "repeated_text": (repeated, not_repeated),
    "same_file_between": (file_of_another, file_of_many),
}
"""Kind -> what makes a planted round, and what makes a near miss."""
