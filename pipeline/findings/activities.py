"""Activities and projects by name, with their amounts: where a plan promises one, and where another document tells of it.

A name is compared by its letters alone. Tables give amounts by column; running text by the words before a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from models.text.tokenizer import normalise
from pipeline.blocks import Block

Measure = Literal["budget", "people"]
SHORTEST_NAME, LONGEST_NAME = 12, 160
"""Letters of a name: shorter ones ("โครงการ 1") name nothing."""
_LETTERS = re.compile(r"[^a-zก-๎]+")
_NAMED = re.compile(
    r"(?:โครงการ|กิจกรรม(?:หลัก|ย่อย)?)(?:\s*ที่\s*\d{1,2}(?:\.\d{1,2})*)?\s*[:：.]?\s*(?=[ก-๎a-z“\"(])"
)
_CHAPTER = re.compile(r"\s*(?:บทที่|ส่วนที่|ภาค)\s*[\d๐-๙ก-ฮ]")
_STOPS = re.compile(
    r"\s*(?:,|;|:|\||\(|\)|–|—|“|”|\"|(?<!ที่)(?<!ที่ )\d|งบประมาณ|วงเงิน|จำนวนเงิน|เป็นเงิน|จำนวน|ระหว่าง|เมื่อวันที่|เมื่อ"
    r"|(?<![ก-๎])ณ\s|ได้รับ|ได้ดำเนิน|ได้จัด|(?<![ก-๎])ได้\s|ผู้เข้า|ผู้ผ่าน"
    r"|ดำเนินการแล้ว|ดำเนินการเมื่อ|เบิกจ่าย|ใช้งบ|ใช้จ่าย|ผู้รับผิดชอบ|กลุ่มเป้าหมาย|เป้าหมาย|ตัวชี้วัด|มีผู้|มีวัตถุประสงค์|ประจำปี|ปีงบประมาณ"
    r"|ไตรมาส|(?<![ก-๎])โดย\s|ซึ่ง|(?<![ก-๎])เพื่อ\s|ผลการดำเนิน|ผลปรากฏ|บรรลุ|แล้วเสร็จ|ครบถ้วน|ไม่ได้|ยังไม่|ยกเลิก|จะดำเนิน|กำหนดจัด)"
)
_NAME_COLUMN = re.compile(r"โครงการ|กิจกรรม|ชื่องาน|แผนงาน")
_BUDGET_COLUMN = re.compile(r"งบประมาณ|วงเงิน|จัดสรร|งปม")
_SPENT = re.compile(r"เบิก|ใช้ไป|ใช้จ่าย|จ่ายจริง|ผลการใช้|คงเหลือ|ร้อยละ|เหลือ|ใช้งบ|รายจ่าย|จ่ายไป")
_NUMBER = re.compile(
    r"(?<![\d.,/])\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?(?![\d/])|(?<![\d.,/])\d+(?:\.\d+)?(?![\d/,])"
)
_BUDGET = re.compile(
    r"(?P<before>.{0,12}?)(?:งบประมาณ|วงเงิน|เงินงบประมาณ|จัดสรร(?:งบประมาณ)?)(?:ที่ได้รับ|ตามแผน|ทั้งสิ้น|รวม|จัดสรร|โครงการ|ที่ตั้งไว้|ดำเนินการ|จาก\s?สพฐ\.?)*"
    r"\s*(?:จำนวนเงิน|จำนวน|เป็นเงิน|รวม|ทั้งสิ้น|:)*\s*(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>ล้านบาท|บาท)"
)
_PEOPLE = re.compile(
    r"(?:ผู้เข้าร่วม|ผู้เข้าประชุม|ผู้เข้ารับการอบรม|ผู้เข้าอบรม|ผู้เข้ารับการพัฒนา|ผู้ผ่านการอบรม|มีผู้เข้า|ผู้ได้รับการพัฒนา)[ก-๎\s]{0,30}?"
    r"(?:จำนวน|รวม|ทั้งสิ้น|:)*\s*(?P<number>\d[\d,]*)\s*(?:คน|ราย)"
)
_NOT_YET = re.compile(r"จะ|คาดว่า|เป้าหมาย|กำหนดให้|ไม่น้อยกว่า|ประมาณ")
_CHANGED = re.compile(r"ปรับลด|ปรับเพิ่ม|โอน|เปลี่ยนแปลง|เพิ่มเติม|ปรับแผน|ส่งคืน|คืนเงิน|ได้รับเพิ่ม|ปรับปรุงงบ|แก้ไข")
_LATER = re.compile(
    r"ไตรมาส(?:ที่)?\s*[34]|เม\.?ย|พ\.?ค\.|มิ\.?ย|ก\.?ค\.|ส\.?ค\.|ก\.?ย\.|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน"
)
_SOONER = re.compile(
    r"ไตรมาส(?:ที่)?\s*[12]|ต\.?ค\.|พ\.?ย|ธ\.?ค|ม\.?ค\.|ก\.?พ\.|มี\.?ค\.|ตุลาคม|พฤศจิกายน|ธันวาคม|มกราคม|กุมภาพันธ์|มีนาคม"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that a passage gives for an activity. ``doubtful``: OCR was not sure of it."""

    measure: Measure
    value: float
    doubtful: bool = False
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity as a block names it.

    Attributes:
        name: as written. form: its letters, for comparing.
    """

    name: str
    form: str
    block: Block
    amounts: tuple[Amount, ...] = ()


def letters(text: str) -> str:
    """Return the letters of a text alone, in comparing form."""
    return _LETTERS.sub("", normalise(text))


def activities(blocks: Sequence[Block]) -> Iterator[Activity]:
    """Return the activities that blocks name, in order."""
    labels = _labels(blocks)
    for block in blocks:
        if block.type == "heading" and _CHAPTER.match(block.text):
            continue
        if block.doubtful or (
            "โครงการ" not in block.text and "กิจกรรม" not in block.text + block.table_header
        ):
            continue
        found = _of_row(block) if block.type == "table_row" else _of_text(block)
        yield from (one for one in found if one.form not in labels)


def amounts_of(block: Block) -> tuple[Amount, ...]:
    """Return the amounts that a block gives, by column in a row, by the words before them in a text."""
    return _by_column(block) if block.type == "table_row" and block.table_header else _by_words(block)


def is_changed(block: Block) -> bool:
    """Tell whether a block says that a budget was changed on the way, so that two numbers are both right."""
    return _CHANGED.search(normalise(block.text)) is not None


def is_due_later(block: Block) -> bool:
    """Tell whether a row sets an activity into the second half of the fiscal year alone."""
    text = normalise(block.text)
    return _LATER.search(text) is not None and _SOONER.search(text) is None


def _labels(blocks: Sequence[Block]) -> set[str]:
    """First cells that stand in several rows beside other words: labels of a form ("กิจกรรมสำหรับนักเรียน"), no names."""
    beside: dict[str, set[str]] = {}
    for block in blocks:
        if block.type == "table_row":
            first, *rest = _cells(block.text)
            beside.setdefault(letters(first), set()).add("".join(map(letters, rest)))
    return {first for first, rests in beside.items() if len(rests) > 1}


def _of_row(block: Block) -> Iterator[Activity]:
    cells, heads = _cells(block.text), _cells(block.table_header)
    for place, cell in enumerate(cells):
        headed = place < len(heads) and _NAME_COLUMN.search(normalise(heads[place]))
        named = _NAMED.match(normalise(cell).strip(" -•0123456789.)"))
        if headed or named:
            name = _trimmed(cell)
            form = letters(name)
            if SHORTEST_NAME <= len(form) <= LONGEST_NAME and not _is_head(cell, heads):
                yield Activity(name, form, block, amounts_of(block))
            return  # the first such column names the row


def _of_text(block: Block) -> Iterator[Activity]:
    text = normalise(block.text)
    for match in _NAMED.finditer(text):
        rest = text[match.end() :]
        stop = _STOPS.search(rest)
        name = match[0] + rest[: stop.start() if stop else LONGEST_NAME]
        form = letters(name)
        if SHORTEST_NAME <= len(form) <= LONGEST_NAME:
            yield Activity(" ".join(name.split()), form, block, amounts_of(block))


def _trimmed(cell: str) -> str:
    """Return a cell's name without its number, remarks in brackets and what follows on the next line."""
    plain = re.sub(r"^[\s\d๐-๙.)(•-]+", "", cell)
    return re.split(r"\s{2,}|\(|งบประมาณ|ผู้รับผิดชอบ|วัตถุประสงค์", plain, maxsplit=1)[0].strip()


def _is_head(cell: str, heads: Sequence[str]) -> bool:
    return letters(cell) in {letters(head) for head in heads} or letters(cell).startswith(
        ("รวม", "ชื่อโครงการ")
    )


def _by_column(block: Block) -> tuple[Amount, ...]:
    cells, heads = _cells(block.text), _cells(block.table_header)
    found = []
    for cell, head in zip(cells, heads, strict=False):
        title = normalise(head)
        if not _BUDGET_COLUMN.search(title) or _SPENT.search(title):
            continue
        numbers = [_value(one) for one in _NUMBER.findall(normalise(cell))]
        if len(numbers) == 1 and numbers[0] > 0:
            million = "ล้าน" in title or "ล้าน" in cell
            value = numbers[0] * (1_000_000 if million else 1)
            found.append(Amount("budget", value, _is_doubtful(cell, block), million))
    return tuple(found[:1])


def _by_words(block: Block) -> tuple[Amount, ...]:
    text = normalise(block.text)
    found = []
    for match in _BUDGET.finditer(text):
        if _SPENT.search(match["before"]) or _SPENT.search(match[0]):
            continue
        million = match["unit"] == "ล้านบาท"
        value = _value(match["number"]) * (1_000_000 if million else 1)
        found.append(Amount("budget", value, _is_doubtful(match[0], block), million))
    for match in _PEOPLE.finditer(text):
        if not _NOT_YET.search(text[max(0, match.start() - 20) : match.end()]):
            found.append(Amount("people", _value(match["number"]), _is_doubtful(match[0], block)))
    return tuple(found)


def _is_doubtful(text: str, block: Block) -> bool:
    unsure = block.confidence is not None and block.confidence < 0.8
    return unsure or any(number in text for number in block.doubtful_numbers)


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")] if row else []


def _value(number: str) -> float:
    return float(number.replace(",", "") or 0)
