"""The model in use: lies there as it was written (its hashes are asked at loading), and judges a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from models.passages import Passage
from models.registry.registry import load_model
from pipeline.health.check import Check, Installation, well
from rubric import load_rubric
from rubric.exceptions import KhetcheckError
from rubric.language import Bilingual

SENTENCE = (
    "สำนักงานเสนอรายงานผลรอบหกเดือนต่อคณะกรรมการ ก.ต.ป.น. วันที่ 21 เมษายน 2565 และฉบับเต็มปีวันที่ 19 ตุลาคม 2565 "
    "ก่อนส่ง สพฐ. และวางบนเว็บไซต์ในวันเดียวกัน"
)
_ANOTHER = Bilingual(
    "ดูรายการด้วย khetcheck models list แล้วใช้ khetcheck models rollback หรือ khetcheck models promote bundled",
    "See khetcheck models list, then khetcheck models rollback, or khetcheck models promote bundled.",
)


def look_at_model(place: Installation) -> Iterator[Check]:
    """Load rubric and model, and have a sentence judged."""
    try:
        rubric = load_rubric(place.rubric)
        model = load_model(place.model or None, place.home)
        predicted = model.predict([Passage(SENTENCE, document_kind="report")])
    except KhetcheckError as error:
        yield Check("model", "fail", error.message, _ANOTHER)
        return
    best = max(predicted[0].practice.values(), default=0.0)
    if model.mode != "full":
        yield Check(
            "model",
            "warn",
            Bilingual(
                f"แบบจำลอง {model.id} ทำงานได้ แต่ไม่มีตัวเข้ารหัสประโยค ความแม่นยำจะลดลง",
                f"The model {model.id} works, but without the sentence encoder: drafts will be less exact.",
            ),
            Bilingual(
                "ติดตั้ง khetcheck ใหม่ให้ครบ", "Install khetcheck anew: its encoder is missing or another."
            ),
        )
        return
    yield well(
        "model",
        f"แบบจำลอง {model.id} ครบถ้วน ตรวจประโยคตัวอย่างได้ ({best:.2f}) เกณฑ์ {rubric.name}",
        f"The model {model.id} is whole and judged a sentence ({best:.2f}); rubric {rubric.name}.",
    )
