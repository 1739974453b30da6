"""Made damage: one font of a page says the wrong codes, in every way known from real files, and how much is read right again.

Each kind of damage is drawn into the bold or the plain face of pages of official Thai, on a share of their lines. A line is
whole where a block read holds it exactly, blanks and all; clean lines and clean pages must come back untouched.

usage: python -m benchmarks.reading.damage [--seeds N] [--kind WORD] [-v]
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.fuzz import ratio

from benchmarks.reading import thaipdf
from benchmarks.reading.thaipdf import Encode, ThaiPdf, as_written
from pipeline.reading.layout.assemble import assemble
from pipeline.reading.layout.pages import PageReading
from pipeline.reading.layout.paragraphs import BULLET
from pipeline.reading.pdf.reader import read_pdf
from pipeline.reading.thai import repair

CORPUS = Path(__file__).parents[2] / "models" / "corpus"
SHARES = (0.05, 0.2, 0.5, 1.0)
LINES = 20
_AM, _AA, _RING = "\u0e33", "\u0e32", "\u0e4d"
_DRAWN_RING, _FOOT = "\uf8e0", "\uf8d0"  # glyphs of their own: a mark, and a letter
_MARKS = "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e47\u0e48\u0e49\u0e4c"
_FOREIGN = "\u0477\u0483\u03b1\u03ce\u010d\u0171$7#%&^~*@+\u00b5\u2020"
_SHORT, _LONG = 16, 56  # letters of a line


@dataclass(frozen=True, slots=True)
class Damage:
    """How one face is damaged.

    Attributes:
        glyphs: what is drawn for a text.
        says: what the text layer says of each glyph.
        late: how many letters late marks come in the file.
        size: of the letters in points.
    """

    glyphs: dict[str, str]
    says: dict[str, str]
    late: int = 0
    size: float = 14
    echo: float = 0.0

    def drawn(self, text: str, chance: random.Random) -> str:
        """Return the glyphs that are drawn for ``text``."""
        out = "".join(self.glyphs.get(letter, letter) for letter in text)
        if self.echo:
            echoed = re.compile("([\u0e48\u0e49])([ก-ฮ])(?![\u0e31-\u0e4e])")
            out = echoed.sub(lambda m: m[0] + (m[1] if chance.random() < self.echo else ""), out)
        return out

    def encode(self, glyph: str) -> str:
        """Return what the text layer says of a glyph."""
        return self.says.get(glyph, glyph)


def _codes(page: str) -> dict[str, str]:
    """Return Thai letters as a code page shows their TIS-620 bytes."""
    says = {}
    for code in (*range(0x0E01, 0x0E3B), *range(0x0E3F, 0x0E5C)):
        byte = code - 0x0E01 + 0xA1
        shown = chr(0xF000 + byte) if page == "symbol" else bytes([byte]).decode(page, "replace")
        if shown != "\ufffd":
            says[chr(code)] = shown
    return says


def kinds(chance: random.Random) -> dict[str, Damage]:
    """Return one damage of every kind; what a kind leaves open is drawn by ``chance``."""
    tones = chance.sample("\u0e48\u0e49\u0e4c\u0e47", 2)
    strange = dict(zip(chance.sample(_MARKS, 2), chance.sample(_FOREIGN, 2), strict=True))
    lost = chance.choice(_MARKS)
    odd = chance.choice("กนรอมงวยลสตดคบปจ")
    return {
        "aa as am, am set apart": Damage({_AM: " " + _FOOT}, {_AA: _AM, _FOOT: _AM}),
        "every aa as am": Damage({}, {_AA: _AM}),
        "aa and am exchanged": Damage({}, {_AA: _AM, _AM: _AA}),
        "am as aa": Damage({}, {_AM: _AA}),
        "ring as a blank": Damage({_AM: " " + _AA}, {}),
        "am in two parts": Damage({_AM: _RING + _AA}, {}),
        "ring without code, foot am": Damage({_AM: _DRAWN_RING + _AM}, {_DRAWN_RING: "\ufffd"}),
        "ring without code, foot aa": Damage({_AM: _DRAWN_RING + _AA}, {_DRAWN_RING: "\ufffd"}),
        "foot without code": Damage({_AM: _DRAWN_RING + _FOOT}, {_DRAWN_RING: _AM, _FOOT: "\ufffe"}),
        "foot as U+FFFD": Damage({_AM: _DRAWN_RING + _FOOT}, {_DRAWN_RING: _AM, _FOOT: "\ufffd"}),
        "foot as a blank": Damage({_AM: _DRAWN_RING + " "}, {_DRAWN_RING: _AM}),
        "tones as rings": Damage({}, {tones[0]: _RING, tones[1]: "\u0e4e"}),
        "one tone as ring": Damage({}, {tones[0]: _RING}),
        "marks with foreign codes": Damage({}, strange),
        "small marks with foreign codes": Damage({}, strange, late=1, size=6),
        "mark without code": Damage({}, {lost: "\ufffd"}),
        "letter without code": Damage({}, {odd: "\ufffd"}),
        "letter with a foreign code": Damage({}, {odd: chance.choice("\u0436\u03bb\u0142\u10d0")}),
        "marks a letter late": Damage({}, {}, late=1),
        "marks two letters late": Damage({}, {}, late=2),
        "small marks a letter late": Damage({}, {}, late=1, size=6),
        "marks drawn again over the next letter": Damage({}, {}, echo=0.5),
        "Latin-1": Damage({}, _codes("latin-1")),
        "Windows Cyrillic": Damage({}, _codes("cp1251")),
        "Macintosh": Damage({}, _codes("mac_roman")),
        "symbol font": Damage({}, _codes("symbol")),
        "private-use glyphs": Damage({}, {mark: thaipdf.private_use(mark) for mark in _MARKS}),
    }


def sentences() -> list[str]:
    """Return lines of official Thai, each of one length that fits a page.

    Left out is what a sound page is read without: a list's bullet, and a writer's own slip that the repair mends.
    """
    found: dict[str, None] = {}
    for path in sorted(CORPUS.glob("*/*.txt")):
        for line in path.read_text("utf-8").splitlines():
            if not line.startswith(("@", "#", "|", "-")):
                found.update(dict.fromkeys(_pieces(line)))
    return [line for line in found if not BULLET.match(line) and repair(line) == line]


def _pieces(line: str) -> Iterable[str]:
    piece = ""
    for word in line.split():
        longer = f"{piece} {word}".strip()
        if len(longer) > _LONG:
            if len(piece) >= _SHORT:
                yield piece
            piece = word if len(word) <= _LONG else ""
        else:
            piece = longer
    if len(piece) >= _SHORT:
        yield piece


def write(path: Path, lines: Sequence[str], damage: Damage, hurt: set[int], chance: random.Random) -> None:
    """Write one page of ``lines``, those numbered in ``hurt`` in the damaged face."""
    encodes: dict[str, Encode] = {"B": damage.encode}
    pdf = ThaiPdf(as_written, faces=encodes).page()
    for number, line in enumerate(lines):
        y = 60 + 38 * number
        if number in hurt:
            pdf.line(50, y, damage.drawn(line, chance), damage.size, face="B", late=damage.late)
        else:
            pdf.line(50, y, line, 14)
    pdf.save(path)


def read(path: Path) -> list[str]:
    """Return the texts of the blocks read."""
    pages: list[PageReading] = []
    read_pdf(path, on_page=pages.append)
    return [block.text for block in assemble(pages)]


@dataclass(slots=True)
class Count:
    """Lines right of lines in all."""

    right: int = 0
    of: int = 0

    def add(self, right: bool) -> None:
        """Count one line."""
        self.right += right
        self.of += 1

    def __str__(self) -> str:
        return f"{self.right:5d} of {self.of:5d}  {self.right / max(self.of, 1):7.2%}"


def _is_whole(line: str, text: str) -> bool:
    return " ".join(line.split()) in text


def measure(seeds: Sequence[int], kind: str = "", verbose: bool = False) -> tuple[dict[str, Count], Count]:
    """Return by kind of damage how many damaged lines are whole, and how many clean lines beside them are."""
    bank = sentences()
    hurt_lines: dict[str, Count] = defaultdict(Count)
    clean = Count()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.pdf"
        for seed in seeds:
            chance = random.Random(seed)
            for name, damage in {"none": Damage({}, {}), **kinds(chance)}.items():
                if kind not in name:
                    continue
                for share in SHARES:
                    lines = chance.sample(bank, LINES)
                    hurt = set(chance.sample(range(LINES), max(1, round(share * LINES))))
                    write(path, lines, damage, hurt if name != "none" else set(), chance)
                    text = "\n".join(read(path))
                    for number, line in enumerate(lines):
                        whole = _is_whole(line, text)
                        (hurt_lines[name] if number in hurt and name != "none" else clean).add(whole)
                        if verbose and not whole:
                            near = max(text.split("\n"), key=lambda block: ratio(block, line), default="")
                            print(
                                f"{seed} {name} {share:.0%}{'' if number in hurt else ' CLEAN'}: {line} | {near}"
                            )
    return hurt_lines, clean


def main() -> None:
    parser = argparse.ArgumentParser(description="How much made damage of fonts is read right")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--kind", default="", help="only kinds whose name holds this")
    parser.add_argument("-v", "--verbose", action="store_true", help="print every line that is not whole")
    options = parser.parse_args()
    hurt, clean = measure(range(options.seeds), options.kind, options.verbose)
    for name, count in hurt.items():
        print(f"{name:42s} {count}")
    total = Count(sum(c.right for c in hurt.values()), sum(c.of for c in hurt.values()))
    print(f"{'all damaged lines':42s} {total}\n{'clean lines untouched':42s} {clean}")


if __name__ == "__main__":
    main()
