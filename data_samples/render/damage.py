"""Files as they should not be, but are: scans, fonts with private letters, transfers that broke off."""

from __future__ import annotations

import io
import re
import time

import numpy as np
import pikepdf
import pypdfium2
from PIL import Image

_DPI = 150
_QUALITY = 38
# Letters that old Thai fonts keep for marks moved aside of tall consonants; PDF writers copied them into the text.
_PRIVATE = {0x0E31: 0xF710, 0x0E34: 0xF701, 0x0E35: 0xF702, 0x0E36: 0xF703, 0x0E37: 0xF704, 0x0E47: 0xF712,
            0x0E48: 0xF70A, 0x0E49: 0xF70B, 0x0E4A: 0xF70C, 0x0E4B: 0xF70D, 0x0E4C: 0xF70E}  # fmt: skip
_BROKEN_AFTER = 0.55


def scan(content: bytes, seed: int) -> bytes:
    """Return the PDF as a scanner would give it: grey pictures, a little turned, with grain; no text."""
    chance = np.random.default_rng(seed)
    document = pypdfium2.PdfDocument(content)
    pages = [_scanned(page.render(scale=_DPI / 72, grayscale=True).to_pil(), chance) for page in document]
    document.close()
    fixed = time.struct_time((2022, 12, 1, 9, 0, 0, 3, 335, 0))
    out = io.BytesIO()
    pages[0].save(
        out, "PDF", save_all=True, append_images=pages[1:], resolution=_DPI, quality=_QUALITY,
        creationDate=fixed, modDate=fixed,
    )  # fmt: skip
    return out.getvalue()


def _scanned(page: Image.Image, chance: np.random.Generator) -> Image.Image:
    turned = page.convert("L").rotate(
        float(chance.uniform(-0.7, 0.7)), Image.Resampling.BICUBIC, fillcolor=250
    )
    grey = np.asarray(turned, dtype=np.float32)
    shade = np.linspace(0, float(chance.uniform(4, 14)), grey.shape[1], dtype=np.float32)
    grain = chance.normal(0, 4, grey.shape).astype(np.float32)
    return Image.fromarray(np.clip(grey * 0.94 + 8 - shade + grain, 0, 255).astype(np.uint8))


def with_private_letters(content: bytes) -> bytes:
    """Return the PDF with marks in the private-use area: it looks the same, but its text does not."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary) and "/ToUnicode" in thing:
                table = thing["/ToUnicode"]
                table.write(_private_table(table.read_bytes()))
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _private_table(table: bytes) -> bytes:
    def swapped(match: re.Match[bytes]) -> bytes:
        code = int(match[1], 16)
        return b"<%04X>" % _PRIVATE.get(code, code)

    return re.sub(rb"<(0[Ee][34][0-9A-Fa-f])>", swapped, table)


def broken_off(content: bytes) -> bytes:
    """Return the beginning of a file whose transfer broke off."""
    return content[: int(len(content) * _BROKEN_AFTER)]
