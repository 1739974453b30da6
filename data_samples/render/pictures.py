"""Small drawings above captions: why they are drawn here is that photographs of real people have no place in a sample."""

from __future__ import annotations

import io
import math
import random

from PIL import Image, ImageDraw

SIZE = (520, 300)
_SKIES = ("#cfe3f2", "#f3e3cd", "#dcebd9", "#e6dff0")
_INKS = ("#3f6d8e", "#8e5a3f", "#4f7d4a", "#75538f", "#b0893b")


def draw_picture(seed: str) -> bytes:
    """Return a JPEG of a room with people, a building or a chart; the same ``seed`` (a caption) gives the same picture."""
    chance = random.Random(seed)
    image = Image.new("RGB", SIZE, chance.choice(_SKIES))
    draw = next((scene for word, scene in _SCENES if word in seed), _meeting)
    draw(ImageDraw.Draw(image), chance)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=62)
    return out.getvalue()


def _meeting(pen: ImageDraw.ImageDraw, chance: random.Random) -> None:
    pen.rectangle((0, 210, 520, 300), fill="#b79a77")
    pen.rectangle((170, 30, 350, 120), fill="#ffffff", outline="#555555", width=3)
    for line in range(4):
        pen.line(
            (185, 50 + line * 17, 185 + chance.randint(60, 150), 50 + line * 17), fill="#7f8c99", width=4
        )
    for place in range(7):
        x, y, shirt = 40 + place * 70, 165 + (place % 2) * 18, chance.choice(_INKS)
        pen.ellipse((x - 15, y - 34, x + 15, y - 4), fill="#d9a87c", outline="#6b4a2f")
        pen.pieslice((x - 30, y, x + 30, y + 90), 180, 360, fill=shirt)
    pen.rectangle((15, 215, 505, 238), fill="#7a5635")


def _building(pen: ImageDraw.ImageDraw, chance: random.Random) -> None:
    pen.polygon(
        [(0, 190), (130, 110), (260, 180), (400, 90), (520, 185), (520, 300), (0, 300)], fill="#9db892"
    )
    pen.rectangle((90, 130, 430, 260), fill="#efe6d5", outline="#6b5b46", width=3)
    pen.polygon([(70, 130), (260, 60), (450, 130)], fill=chance.choice(_INKS))
    for x in range(110, 420, 52):
        for y in (148, 200):
            pen.rectangle((x, y, x + 32, y + 34), fill="#8fb3c9", outline="#5d6f7a", width=2)
    pen.line((40, 60, 40, 270), fill="#555555", width=4)
    pen.rectangle((42, 62, 84, 90), fill="#c94b4b")
    pen.rectangle((42, 70, 84, 82), fill="#ffffff")


def _chart(pen: ImageDraw.ImageDraw, chance: random.Random) -> None:
    pen.rectangle((40, 20, 500, 270), fill="#ffffff", outline="#777777")
    for place in range(8):
        height, x = chance.randint(40, 215), 65 + place * 53
        pen.rectangle((x, 265 - height, x + 32, 265), fill=_INKS[place % len(_INKS)])
    curve = [(60 + step * 20, 150 + 60 * math.sin(step / 3 + chance.random())) for step in range(21)]
    pen.line(curve, fill="#c0392b", width=3)


_SCENES = (
    ("อาคาร", _building),
    ("โรงเรียน", _building),
    ("กราฟ", _chart),
    ("แผนภูมิ", _chart),
    ("ร้อยละ", _chart),
)
