"""Odd submission folders from seeds: names of random bytes, links of all kinds, pipes, sockets, clutter, YAML by grammar."""

# ruff: noqa: PTH102, PTH103, PTH118, PTH119, PTH120, PTH123, PTH211 -- names are bytes here, which pathlib does not take
from __future__ import annotations

import os
import random
import socket
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests import inboxes

GOOD = "เขตดี"
WORDS = (
    "รายงาน",
    "แผน",
    "ภาคผนวก 1",
    "café",
    "สพป.ตัวอย่าง เขต 3",
    "report final (2)",
    "ผลการดำเนินงาน ๒๕๖๕",
    "a{b}%20?x=1",
)
ENDINGS = (".docx", ".pdf", ".DOCX", ".jpg", "", ".xyz", ".zip")


@dataclass(frozen=True)
class Made:
    """An odd folder.

    Attributes:
        kinds: what is odd about it.
        told: something in it must be told, even where it is drafted.
    """

    folder: bytes
    kinds: tuple[str, ...]
    told: bool


def name_of(rng: random.Random, ending: str = "") -> bytes:
    """Return a file name: Thai, TIS-620, cut UTF-8, random bytes, decomposed, very long, control characters."""
    word = rng.choice(WORDS)
    kind = rng.randrange(9)
    if kind == 0:
        return (word + ending).encode()
    if kind == 1:
        return (rng.choice(WORDS[:3]) + ending).encode("cp874")
    if kind == 2:
        return word.encode()[: rng.randrange(1, 9)] + bytes([rng.randrange(0x80, 0x100)]) + ending.encode()
    if kind == 3:
        raw = bytes(rng.choice([*range(1, 0x2F), *range(0x30, 0x100)]) for _ in range(rng.randrange(1, 40)))
        return (raw.strip(b".~") or b"x") + ending.encode()
    if kind == 4:
        return (unicodedata.normalize("NFD", "café น้ำ") + ending).encode()
    if kind == 5:
        stem = (rng.choice(WORDS) * 40).encode()[: 250 - len(ending)].decode(errors="ignore")
        return (stem + ending).encode()
    if kind == 6:
        return f"{word}\x1b[31m\n\t\u202e{rng.randrange(99)}{ending}".encode()
    if kind == 7:
        return (f"{word} {rng.choice('🙂👩‍👧')}{ending}").encode()
    return f"{rng.randrange(10**6)}{ending}".encode()


def yaml_of(rng: random.Random) -> bytes:
    """Return a ``submission.yaml`` by grammar: half right, half hostile."""
    hostile: Sequence[Callable[[], str]] = (
        lambda: "x: !!bool maybe",
        lambda: 'x: !!int ""',
        lambda: f"fiscal_year: 0x{'f' * rng.randrange(1, 7000)}",
        lambda: f"fiscal_year: {':'.join(str(rng.randrange(60)) for _ in range(rng.randrange(2, 3000)))}",
        lambda: "fiscal_year: 9" + "".join(rng.choice("0123456789") for _ in range(6000)),
        lambda: "\n".join(
            [f"a0: &a0 [{'x, ' * 9}x]"]
            + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, rng.randrange(2, 12))]
        ),
        lambda: "office: " + "[" * rng.randrange(1, 4000),
        lambda: "? " * rng.randrange(1, 500) + "x",
        lambda: "- " * rng.randrange(1, 5000) + "x",
        lambda: "!!python/object/apply:os.system ['true']",
        lambda: f"%YAML 1.{'1' * 5000}\n---\nx: 1",
        lambda: r'office: "\uD800\U0011FFFF"',
        lambda: r'office: "\0\uD800 x"',
        lambda: "documents: &d [*d]",
        lambda: "<<: {office: x}",
        lambda: "{a: b}: c",
        lambda: "--- a\n--- b",
        lambda: "office: 2022-13-45\nround: 1e999\nprovince: .nan",
        lambda: "\n".join(f"key{n}: x" for n in range(rng.randrange(5000))),
        lambda: "x: >\n" + " a\n" * rng.randrange(3000),
        lambda: "".join(chr(rng.randrange(32, 0x2FFF)) for _ in range(rng.randrange(200))),
    )
    right = ("office: สพป.ตัวอย่าง เขต 3", "fiscal_year: ๒๕๖๕", "round: 12", "province: ตัวอย่าง")
    lines = [rng.choice(hostile)() for _ in range(rng.randrange(1, 3))] + rng.sample(right, rng.randrange(3))
    rng.shuffle(lines)
    text = "\n".join(lines)
    return text.encode(rng.choice(("utf-8", "utf-8", "utf-16", "cp874")), errors="replace")


class Maker:
    """Puts odd things into a folder.

    Args:
        inbox: where the folder is made.
        document: the bytes of a good document.
        outside: a file that no link may lead to.
    """

    def __init__(self, inbox: Path, document: bytes, outside: Path) -> None:
        self.inbox, self.document, self.outside = os.fsencode(inbox), document, os.fsencode(outside)

    def make(self, seed: int) -> Made:
        """Make the odd folder of this seed; the same seed makes the same."""
        rng = random.Random(seed)
        if rng.random() < 0.08:
            return self._linked_folder(rng, seed)
        folder = self._new(self.inbox, f"{seed:05} ".encode() + name_of(rng))
        os.mkdir(folder)
        things = {
            "document": (self._document, False),
            "twins": (self._twins, False),
            "yaml": (self._yaml, False),
            "clutter": (self._clutter, False),
            "pipe": (self._pipe, True),
            "socket": (self._socket, True),
            "dead link": (self._dead_link, True),
            "link out": (self._link_out, True),
            "loop": (self._loop, True),
            "link inside": (self._link_inside, False),
            "deep": (self._deep, False),
            "sparse": (self._sparse, True),
            "folder called yaml": (self._yaml_folder, False),
        }
        kinds = rng.sample(sorted(things), rng.randrange(1, 5))
        for kind in kinds:
            things[kind][0](rng, folder)
        return Made(folder, tuple(kinds), any(things[kind][1] for kind in kinds))

    def _new(self, folder: bytes, name: bytes) -> bytes:
        place = os.path.join(folder, name[:250])
        while os.path.lexists(place):
            place = os.path.join(folder, b"x" + os.path.basename(place)[:249])
        return place

    def _write(self, place: bytes, content: bytes) -> None:
        with open(place, "wb") as stream:
            stream.write(content)

    def _linked_folder(self, rng: random.Random, seed: int) -> Made:
        targets = (
            os.path.dirname(self.outside),
            b"/",
            b"gone",
            self.inbox,
            os.path.join(self.inbox, GOOD.encode()),
        )
        place = self._new(self.inbox, f"{seed:05} ".encode() + name_of(rng))
        os.symlink(rng.choice(targets), place)
        return Made(place, ("linked folder",), True)

    def _document(self, rng: random.Random, folder: bytes) -> None:
        self._write(self._new(folder, name_of(rng, rng.choice(ENDINGS))), self.document)

    def _twins(self, rng: random.Random, folder: bytes) -> None:
        stem = "ก" * 70 + "y" * 20
        twins = rng.choice(
            [
                [unicodedata.normalize(form, "café.docx").encode() for form in ("NFC", "NFD")],
                ["รายงาน.docx".encode(code) for code in ("utf-8", "cp874")],
                [b"A.docx", b"a.docx"],
                [b"x\x01.docx", b"x\x02.docx"],
            ]
        )
        if rng.random() < 0.3:
            sub = self._new(folder, stem.encode()[:240])
            os.mkdir(sub)
            twins = [os.path.join(os.path.basename(sub), (stem + end).encode()[:250]) for end in "12"]
        for number, name in enumerate(twins):
            place = os.path.join(folder, name)
            if not os.path.lexists(place):
                self._write(place, self.document if number else b"%PDF-1.4 broken")

    def _yaml(self, rng: random.Random, folder: bytes) -> None:
        place = os.path.join(folder, rng.choice((b"submission.yaml", b"submission.yml")))
        if not os.path.lexists(place):
            self._write(place, yaml_of(rng))

    def _yaml_folder(self, rng: random.Random, folder: bytes) -> None:
        place = os.path.join(folder, b"submission.yaml")
        if not os.path.lexists(place):
            os.mkdir(place)
            self._document(rng, place)

    def _clutter(self, rng: random.Random, folder: bytes) -> None:
        for name in (b"~WRL0001.tmp", "~$รายงาน.docx".encode(), b".DS_Store", b"Thumbs.db"):
            self._write(os.path.join(folder, name), rng.randbytes(40))

    def _pipe(self, rng: random.Random, folder: bytes) -> None:
        os.mkfifo(self._new(folder, name_of(rng, rng.choice(ENDINGS))))

    def _socket(self, rng: random.Random, folder: bytes) -> None:
        before = os.open(".", os.O_RDONLY)
        try:
            os.chdir(folder)  # a socket's address may have 108 bytes at most
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(f"socket {rng.randrange(10**6)}.pdf")
        finally:
            os.fchdir(before)
            os.close(before)

    def _dead_link(self, rng: random.Random, folder: bytes) -> None:
        place = self._new(folder, name_of(rng, ".docx"))
        os.symlink(rng.choice((b"gone.docx", os.path.basename(place), b"gone/" * 300)), place)

    def _link_out(self, rng: random.Random, folder: bytes) -> None:
        targets = (
            self.outside,
            b"/etc/passwd",
            b"/dev/zero",
            os.path.dirname(self.outside),
            b"../../outside/secret.docx",
        )
        os.symlink(rng.choice(targets), self._new(folder, name_of(rng, rng.choice(ENDINGS))))

    def _loop(self, rng: random.Random, folder: bytes) -> None:
        os.symlink(rng.choice((b".", b"..", folder, self.inbox)), self._new(folder, name_of(rng)))

    def _link_inside(self, rng: random.Random, folder: bytes) -> None:
        good = os.path.join(b"..", GOOD.encode())
        os.symlink(rng.choice((good, os.path.join(good, b"plan.docx"))), self._new(folder, name_of(rng)))

    def _deep(self, rng: random.Random, folder: bytes) -> None:
        for _ in range(rng.randrange(1, 60)):
            folder = os.path.join(folder, "ลึก".encode())
            if len(folder) > 3800:
                return
            os.makedirs(folder, exist_ok=True)
        self._write(os.path.join(folder, b"a.docx"), self.document)

    def _sparse(self, rng: random.Random, folder: bytes) -> None:
        with open(self._new(folder, name_of(rng, ".pdf")), "wb") as stream:
            stream.truncate(5 * 1024**3)


def make_inbox(place: Path, seeds: Sequence[int]) -> list[Made]:
    """Make an inbox with one good submission and the odd folders of these seeds."""
    inbox, outside = place / "inbox", place / "outside"
    outside.mkdir(parents=True)
    secret = inboxes.word(outside / "secret.docx", ["ความลับ", "ไม่ควรมีใครเห็น"])
    inboxes.submission(inbox, GOOD)
    return [Maker(inbox, (inbox / GOOD / "plan.docx").read_bytes(), secret).make(seed) for seed in seeds]
