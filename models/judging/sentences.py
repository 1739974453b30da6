"""The sentences a draft gives its reviewer: why a point is judged so, why a passage counts, why a person should look.

Thai first and in the words of the assessment; the English says the same. Sentences claim no more than the numbers do.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.passages import KeywordHit, Role
from rubric import Point, Rubric
from rubric.language import Bilingual

_WORDS_SHOWN = 3


def facet_names(point: Point, keys: Sequence[str]) -> Bilingual:
    """Name facets for a sentence: ``(c) เหมาะกับบริบทของเขต และ (b) … เฉพาะด้านงบประมาณ``."""
    thai, english = [], []
    for key in keys:
        facet = point.facet(key)
        title = facet.title_of(key)
        if ":" in key:
            thai.append(f"({facet.key}) {facet.title.th} – {title.th}")
            english.append(f"({facet.key}) {facet.title.en}: {title.en}")
        else:
            thai.append(f"({facet.key}) {title.th}")
            english.append(f"({facet.key}) {title.en}")
    return Bilingual(_joined(thai, " และ "), _joined(english, " and "))


def _joined(names: Sequence[str], last: str) -> str:
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + f"{last}{names[-1]}"


def why_evidence(
    rubric: Rubric, point: Point, role: Role, facets: Sequence[str], detail: bool, hits: Sequence[KeywordHit]
) -> Bilingual:
    """Say why a passage is held for this role: what it is, which facets, whether with detail, which words were met."""
    thai, english = [rubric.roles[role].title.th], [rubric.roles[role].title.en]
    if role == "practice":
        if facets:
            names = facet_names(point, facets)
            thai.append(f"สนับสนุน {names.th}")
            english.append(f"supports {names.en}")
        else:
            thai.append("เกี่ยวกับประเด็นนี้แต่ไม่ชี้องค์ประกอบใด")
            english.append("touches the point without showing a facet")
        thai.append("มีรายละเอียดตรวจสอบได้" if detail else "ไม่มีรายละเอียดที่ตรวจสอบได้")
        english.append("with checkable detail" if detail else "without checkable detail")
    words = list(dict.fromkeys(hit.term for hit in hits))[:_WORDS_SHOWN]
    if words:
        thai.append("พบคำ " + " ".join(f"“{word}”" for word in words))
        english.append("words met: " + ", ".join(f"“{word}”" for word in words))
    return Bilingual(" · ".join(thai), " · ".join(english))


def why_clear(point: Point, evidence: int, missing: Sequence[str] = ()) -> Bilingual:
    """A point that is done and clear; parts that no listed passage shows are named."""
    count = len(point.facets)
    if missing:
        names = facet_names(point, missing)
        return Bilingual(
            f"ดำเนินการและน่าจะชัดเจน: พบหลักฐาน {evidence} รายการ แต่ในรายการที่แสดงยังไม่พบ {names.th}",
            f"Done and probably clear: {_items(evidence)}, but not seen in the passages listed: {names.en}.",
        )
    return Bilingual(
        f"ดำเนินการและชัดเจน: พบหลักฐาน {evidence} รายการ ครบทั้ง {count} องค์ประกอบ และมีรายละเอียดที่สะท้อนการปฏิบัติจริง",
        f"Done and clear: {_items(evidence)} cover all {count} facets, with detail that reflects actual practice.",
    )


def why_unclear(
    point: Point,
    evidence: int,
    missing: Sequence[str],
    undetailed: Sequence[str],
    doubtful: Sequence[str] = (),
) -> Bilingual:
    """A point that is done but not clear: what is missing, what is claimed without detail, what is shown too unsurely."""
    thai, english = [], []
    absent = [key for key in missing if key not in undetailed]
    if absent:
        names = facet_names(point, absent)
        thai.append(f"ยังไม่พบ {names.th}")
        english.append(f"not found: {names.en}")
    if undetailed:
        names = facet_names(point, undetailed)
        thai.append(f"กล่าวถึง {names.th} แต่ไม่มีรายละเอียดที่ตรวจสอบได้")
        english.append(f"claimed without checkable detail: {names.en}")
    if doubtful:
        names = facet_names(point, doubtful)
        thai.append(f"พบ {names.th} แต่ยังไม่มั่นใจพอ")
        english.append(f"shown, but not surely enough: {names.en}")
    return Bilingual(
        f"ดำเนินการแล้วแต่ยังไม่ชัดเจน: พบหลักฐาน {evidence} รายการ {' และ'.join(thai)}",
        f"Done but not clear: {_items(evidence)}; {'; '.join(english)}.",
    )


def why_not_done(looked: int, intents: int, restated: int, negatives: int) -> Bilingual:
    """A point for which no practice was found: what was found instead."""
    thai, english = [], []
    for count, th, en in (
        (intents, "แผนหรือเป้าหมาย", "plans or targets"),
        (restated, "ข้อความทวนเกณฑ์", "restatements"),
        (negatives, "ข้อความว่าไม่ได้ดำเนินการ", "passages saying it was not done"),
    ):
        if count:
            thai.append(f"{th} {count} รายการ")
            english.append(f"{count} {en}")
    instead = Bilingual(
        f"พบเพียง{' '.join(thai)}" if thai else "ไม่พบข้อความที่เกี่ยวข้องโดยตรง",
        f"only {', '.join(english)}" if english else "nothing directly about it",
    )
    return Bilingual(
        f"ไม่พบหลักฐานว่าดำเนินการ: ตรวจ {looked:,} ข้อความ {instead.th}",
        f"No evidence of practice found: {looked:,} passages looked through, {instead.en}.",
    )


def why_doubtful(point: Point, evidence: int) -> Bilingual:
    """A point judged not done although some passages were listed: they are too weak together."""
    return Bilingual(
        f"ยังไม่ถือว่าดำเนินการ: พบ {evidence} รายการที่อาจเกี่ยวข้อง แต่ยังไม่มั่นใจพอว่าทำแล้วจริง",
        f"Not taken as done: {_items(evidence)} may belong here, none surely enough ({point.title.en}).",
    )


def _items(count: int) -> str:
    return "1 passage" if count == 1 else f"{count} passages"


def near_cut(score: int, other: int, probability: float) -> Bilingual:
    """The score might as well be its neighbour."""
    percent = round(100 * probability)
    return Bilingual(
        f"คะแนน {score} อยู่ใกล้จุดตัดกับคะแนน {other} (โอกาสเป็น {other} ประมาณร้อยละ {percent})",
        f"Score {score} lies near the cut to {other} (about {percent} % likely to be {other}).",
    )


def abstention(score: int, probability: float) -> Bilingual:
    """The draft does not stand by its score."""
    percent = round(100 * probability)
    return Bilingual(
        f"ระบบไม่มั่นใจพอที่จะเสนอคะแนน (คะแนนร่าง {score} มีโอกาสถูกประมาณร้อยละ {percent}) โปรดพิจารณาทุกประเด็น",
        f"Too unsure to propose a score (the draft's {score} is about {percent} % likely): please judge every point.",
    )


def unsure_point(point: Point, clear: bool, probability: float) -> Bilingual:
    """Whether the point is done, or clear, is open."""
    percent = round(100 * probability)
    what = ("ชัดเจน", "clear") if clear else ("ดำเนินการ", "done")
    return Bilingual(
        f"ประเด็น {point.number} {point.title.th}: ยังไม่แน่ใจว่า{what[0]}หรือไม่ (โอกาสร้อยละ {percent})",
        f"Point {point.number}, {point.title.en}: open whether it is {what[1]} ({percent} %).",
    )


def not_found(point: Point) -> Bilingual:
    """Nothing was found for a point."""
    return Bilingual(
        f"ประเด็น {point.number} {point.title.th}: ไม่พบหลักฐาน โปรดดูข้อความใกล้เคียงที่แสดงไว้",
        f"Point {point.number}, {point.title.en}: no evidence found; see the nearest passages.",
    )


def single_evidence(point: Point) -> Bilingual:
    """A point rests on one passage."""
    return Bilingual(
        f"ประเด็น {point.number} {point.title.th}: มีหลักฐานเพียงรายการเดียว",
        f"Point {point.number}, {point.title.en}: rests on one passage.",
    )


def unlisted_part(point: Point, missing: Sequence[str]) -> Bilingual:
    """A point is called clear though no listed passage shows some part."""
    names = facet_names(point, missing)
    return Bilingual(
        f"ประเด็น {point.number} {point.title.th}: น่าจะชัดเจน แต่ในหลักฐานที่แสดงยังไม่พบ {names.th} โปรดตรวจ",
        f"Point {point.number}, {point.title.en}: probably clear, but the passages listed do not show {names.en}; please check.",
    )


def doubtful_facet(point: Point, doubtful: Sequence[str]) -> Bilingual:
    """A point is called unclear though the list shows every facet."""
    names = facet_names(point, doubtful)
    return Bilingual(
        f"ประเด็น {point.number} {point.title.th}: พบหลักฐานครบทุกองค์ประกอบ แต่ยังไม่มั่นใจใน {names.th} โปรดตรวจ",
        f"Point {point.number}, {point.title.en}: every facet is listed, but {names.en} not surely enough; please check.",
    )


def contradiction(point: Point) -> Bilingual:
    """Passages disagree about a point."""
    return Bilingual(
        f"ประเด็น {point.number} {point.title.th}: มีข้อความขัดแย้งกัน (กล่าวถึงหรือวางแผนไว้ แต่อีกแห่งว่าไม่ได้ดำเนินการ)",
        f"Point {point.number}, {point.title.en}: passages disagree (told or planned in one, called off in another).",
    )


def ocr_only(point: Point) -> Bilingual:
    """All evidence of a point was recognised from images."""
    return Bilingual(
        f"ประเด็น {point.number} {point.title.th}: หลักฐานทั้งหมดอ่านจากภาพสแกน โปรดเทียบกับต้นฉบับ",
        f"Point {point.number}, {point.title.en}: all evidence was read from scans; please compare with the original.",
    )


def score_differs(score: int, of_points: int) -> Bilingual:
    """The likeliest score differs from what the points as decided give."""
    return Bilingual(
        f"รายประเด็นรวมตามตารางได้ {of_points} แต่หลายประเด็นยังไม่แน่ใจ ร่างจึงให้ {score} ซึ่งมีโอกาสผิดน้อยกว่า",
        f"The points add up to {of_points}, but several are unsure: the draft gives {score}, the safer guess.",
    )
