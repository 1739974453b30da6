"""Neutral chapters: why they exist is that real plans are mostly tables that prove nothing, and a screener must pass them by.

Everything is drawn from the word lists in ``source/filler.yaml`` with the submission's own seed. Lists of sentences are dealt
out like cards (each submission gets its own share), because a sentence shared by two offices would be a finding.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from data_samples.render.source import SourceBlock

LISTS = Path(__file__).parents[1] / "source" / "filler.yaml"
Blocks = Iterator[SourceBlock]


def row(*cells: object, inner: Sequence[Sequence[str]] = ()) -> SourceBlock:
    """A table row."""
    return SourceBlock(
        "tr", "| " + " | ".join(str(c) for c in cells) + " |", inner=tuple(tuple(i) for i in inner)
    )


class Filler:
    """An endless deck of neutral chapters for one submission.

    Args:
        index: number of the submission, from 0; with ``of`` it says which share of the sentences is its own.
    """

    def __init__(self, index: int, of: int) -> None:
        lists: dict[str, Any] = yaml.safe_load(LISTS.read_text("utf-8"))
        self.random = random.Random(2565 + index)
        self.words = lists["words"]
        self.own = {name: values[index::of] for name, values in lists["dealt"].items()}
        self.schools = self._schools()
        self.chapters = self._endless()

    def draw(self, number: int) -> list[SourceBlock]:
        """Return about ``number`` blocks: they begin with a chapter's heading and never end with a bare one."""
        blocks: list[SourceBlock] = []
        while len(blocks) < number:
            blocks += next(self.chapters)()
        end = number
        while any(block.kind == "h3" for block in blocks[end - 2 : end]):
            end -= 1
        return blocks[:end]

    def _schools(self) -> list[str]:
        names = [
            f"{a}{b}{c}"
            for a in self.words["school_a"]
            for b in self.words["school_b"]
            for c in self.words["school_c"]
        ]
        return self.random.sample(names, 90)

    def _endless(self) -> Iterator[Callable[[], Blocks]]:
        tables = [self.places, self.pupils, self.staff, self.codes, self.project, self.marks, self.law, self.phones,
                  self.project, self.buildings, self.teachers, self.project, self.transport, self.calendar,
                  self.assets]  # fmt: skip
        for _ in count():
            yield from tables

    def _title(self, key: str) -> SourceBlock:
        return SourceBlock("h3", self.random.choice(self.words["titles"][key]))

    def _some_schools(self, low: int, high: int) -> list[str]:
        start = self.random.randrange(len(self.schools) - high)
        return self.schools[start : start + self.random.randint(low, high)]

    def _person(self) -> str:
        pick = self.random.choice
        return f"{pick(self.words['prefix'])}{pick(self.words['first'])} {pick(self.words['last'])}"

    def places(self) -> Blocks:
        """Where the schools are."""
        yield self._title("places")
        yield row("ที่", "โรงเรียน", "ตำบล", "เปิดสอนชั้น", "ระยะทาง (กม.)")
        for number, school in enumerate(self._some_schools(20, 28), 1):
            levels = self.random.choice(self.words["levels"])
            yield row(
                number,
                school,
                self.random.choice(self.words["subdistrict"]),
                levels,
                self.random.randint(2, 88),
            )

    def pupils(self) -> Blocks:
        """How many pupils."""
        yield self._title("pupils")
        yield row("ที่", "โรงเรียน", "ชาย", "หญิง", "รวม", "ห้องเรียน")
        for number, school in enumerate(self._some_schools(20, 28), 1):
            boys, girls = self.random.randint(12, 320), self.random.randint(12, 320)
            yield row(number, school, boys, girls, boys + girls, self.random.randint(8, 24))

    def teachers(self) -> Blocks:
        """How many teachers, by subject."""
        yield self._title("teachers")
        yield row("ที่", "โรงเรียน", "ไทย", "คณิต", "วิทย์", "อังกฤษ", "อื่น ๆ")
        for number, school in enumerate(self._some_schools(14, 22), 1):
            yield row(
                number, school, *(self.random.randint(0, 6) for _ in range(4)), self.random.randint(1, 12)
            )

    def staff(self) -> Blocks:
        """Who works where."""
        yield self._title("staff")
        yield row("ที่", "ชื่อ - สกุล", "ตำแหน่ง", "สังกัด")
        for number in range(1, self.random.randint(16, 24)):
            position, group = self.random.choice(self.words["positions"])
            yield row(number, self._person(), position, group)

    def codes(self) -> Blocks:
        """Budget codes."""
        yield self._title("codes")
        yield row("รหัสงบประมาณ", "รายการ", "หมวดรายจ่าย", "จำนวนเงิน (บาท)")
        for _ in range(self.random.randint(10, 16)):
            code = f"20004{self.random.randint(10**10, 10**11 - 1)}"
            item, group = self.random.choice(self.words["spending"])
            yield row(code, item, group, f"{self.random.randint(8, 960) * 500:,}")

    def marks(self) -> Blocks:
        """Pupils' marks."""
        yield self._title("marks")
        yield row("โรงเรียน", "ภาษาไทย", "คณิตศาสตร์", "วิทยาศาสตร์", "ภาษาอังกฤษ")
        for school in self._some_schools(12, 20):
            yield row(school, *(f"{self.random.uniform(26, 68):.2f}" for _ in range(4)))

    def phones(self) -> Blocks:
        """A directory; the numbers belong to nobody."""
        yield self._title("phones")
        yield row("โรงเรียน", "ผู้อำนวยการโรงเรียน", "โทรศัพท์")
        for school in self._some_schools(14, 20):
            yield row(school, self._person(), f"0-0000-{self.random.randint(1000, 9999)}")

    def buildings(self) -> Blocks:
        """Land and buildings of schools."""
        yield self._title("buildings")
        yield row("โรงเรียน", "เนื้อที่ (ไร่)", "แบบอาคารเรียน", "ปีที่สร้าง")
        for school in self._some_schools(12, 18):
            model = self.random.choice(self.words["models"])
            yield row(school, self.random.randint(3, 48), model, self.random.randint(2512, 2558))

    def transport(self) -> Blocks:
        """How pupils come to school."""
        yield self._title("transport")
        yield row("โรงเรียน", "เดิน", "จักรยาน", "รถรับส่ง", "ผู้ปกครองมาส่ง")
        for school in self._some_schools(12, 18):
            yield row(school, *(self.random.randint(3, 140) for _ in range(4)))

    def assets(self) -> Blocks:
        """Things in classrooms."""
        yield self._title("assets")
        yield row("โรงเรียน", "รายการ", "จำนวน", "ราคาต่อหน่วย (บาท)")
        for school in self._some_schools(12, 18):
            price = f"{self.random.randint(4, 70) * 250:,}"
            yield row(school, self.random.choice(self.words["things"]), self.random.randint(1, 30), price)

    def calendar(self) -> Blocks:
        """The school year."""
        yield self._title("calendar")
        yield row("รายการของสถานศึกษา", "ช่วงเวลา")
        for event in self.own["school_year"]:
            yield row(*event)

    def law(self) -> Blocks:
        """Laws that the work rests on."""
        yield self._title("law")
        yield from (SourceBlock("li", text) for text in self.own["laws"])

    def project(self) -> Blocks:
        """A project form about pupils' learning."""
        project = self.own["projects"].pop(0)
        self.own["projects"].append(project)
        amounts = [self.random.randint(4, 90) * 100 for _ in range(3)]
        money = [
            ["รายการ", "บาท"],
            *([item, f"{n:,}"] for item, n in zip(self.words["items"], amounts, strict=False)),
        ]
        yield SourceBlock("h3", f"โครงการ {project['name']}")
        yield SourceBlock("p", project["why"])
        yield row("หัวข้อ", "รายละเอียด")
        yield row("วัตถุประสงค์", project["aim"])
        yield row(
            "กลุ่มเป้าหมาย", f"นักเรียน {self.random.randint(40, 900)} คน จาก {self.random.randint(6, 40)} โรงเรียน"
        )
        yield row("กิจกรรมสำหรับนักเรียน", project["do"])
        yield row("ผู้รับผิดชอบโครงการ", self._person())
        yield row("งบประมาณรวม", f"{sum(amounts):,} บาท แยกดังนี้", inner=money)
