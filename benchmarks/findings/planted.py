"""Planted cases and near misses of the kinds that one submission suffices for."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from benchmarks.findings.making import THINGS, YEAR, Maker, Paper, renamed, thai_digits
from models.text.office_table import KnownOffice, office_table
from pipeline.blocks import Block, Problem
from pipeline.findings.detected import Held
from pipeline.screening.inference import infer_kind
from rubric.language import Bilingual


@dataclass
class Case:
    """One made submission, and of which kind of finding it is a case."""

    maker: Maker
    papers: list[Paper]
    round: int | None = 12
    told_kinds: bool = False

    def documents(self) -> list[Held]:
        """Return the documents; where kinds are not declared they are told by name and content, as in screening."""
        held = [paper.held() for paper in self.papers]
        if self.told_kinds:
            held = [Held(one.reading, infer_kind(one.reading)[0]) for one in held]
        return held


Make = Callable[[random.Random], Case]


def missing_document(rng: random.Random) -> Case:
    maker = Maker(rng)
    papers = maker.papers()
    gone = rng.choice(("plan", "report"))
    papers = [paper for paper in papers if paper.kind != gone]
    if gone == "plan" and rng.random() < 0.5:  # an annex that speaks of the plan is no plan
        papers[-1].insert(rng, "เอกสารอ้างอิงตามแผนปฏิบัติการประจำปีงบประมาณ พ.ศ. 2565")
    return Case(maker, papers, told_kinds=rng.random() < 0.5)


def no_missing_document(rng: random.Random) -> Case:
    maker = Maker(rng)
    papers = maker.papers()
    for number, paper in enumerate(papers):
        if paper.kind == "other":
            continue
        choice = rng.randrange(3)
        if choice == 0:  # bare names: the title page tells
            papers[number] = renamed(paper, f"scan{number:03}.pdf")
        elif choice == 1:
            papers[number] = renamed(paper, f"เอกสารแนบ.zip/{number}.pdf")
        else:  # sent, and not readable: another finding
            broken = Problem("broken", Bilingual("ไฟล์เสียหาย", "The file is damaged."))
            name = {"plan": "แผนปฏิบัติการ 2565.pdf", "report": "รายงานผล 2565.pdf"}[paper.kind]
            papers[number] = Paper(name, paper.kind, problems=(broken,))
    return Case(maker, papers, told_kinds=True)


def wrong_fiscal_year(rng: random.Random) -> Case:
    maker = Maker(rng)
    year = rng.choice((YEAR - 2, YEAR - 1, YEAR + 1))
    choice = rng.randrange(3)
    if choice == 0:
        title = rng.choice(
            (
                f"แผนปฏิบัติการประจำปี {year}",
                f"แผนปฏิบัติราชการ ปีงบประมาณ พ.ศ. {thai_digits(str(year))}",
                f"แผนปฏิบัติการ ประจำปีงบประมาณ {year}",
            )
        )
        return Case(maker, [maker.plan(title=title), maker.report(), maker.annex()])
    title = rng.choice(
        (
            f"รายงานผลการดำเนินงาน ประจำปีงบประมาณ พ.ศ. {year}",
            f"สรุปผลการปฏิบัติงาน ปีงบประมาณ {year}",
            f"รายงานประจำปี {year}",
        )
    )
    if choice == 1:
        return Case(maker, [maker.plan(), maker.report(title=title, year=year), maker.annex()])
    other = maker.report(title="รายงานผลการดำเนินงานด้านการบริหารจัดการ", year=year)
    for _ in range(8):
        other.insert(
            rng,
            rng.choice(
                (
                    f"ตามแผนปฏิบัติการปีงบประมาณ พ.ศ. {year} สำนักงานได้",
                    f"งบประมาณประจำปี {year} ใช้สำหรับ",
                    f"ในปีงบประมาณ {year} ได้",
                )
            )
            + rng.choice(THINGS),
        )
    return Case(maker, [maker.plan(), other, maker.annex()])


def right_fiscal_year(rng: random.Random) -> Case:
    maker = Maker(rng)
    plan, report, annex = maker.papers()
    choice = rng.randrange(6)
    if choice == 0:  # school year
        report = maker.report(title=f"รายงานผลการดำเนินงาน ปีการศึกษา {YEAR - 1}")
    elif choice == 1:  # last year's results as a chapter of the plan
        for _ in range(9):
            plan.insert(rng, f"ผลการดำเนินงาน ปีงบประมาณ พ.ศ. {YEAR - 1} {rng.choice(THINGS)} บรรลุเป้าหมาย")
        plan.insert(rng, f"ค่าเป้าหมายปีงบประมาณ พ.ศ. {YEAR}")
    elif choice == 2:  # mistyped
        wrong = rng.choice((2556, 2655, 2595))
        report = maker.report(title=f"รายงานผลการดำเนินงาน ประจำปีงบประมาณ พ.ศ. {wrong}")
    elif choice == 3:  # a plan over several years
        plan = maker.plan(
            title=f"แผนพัฒนาการศึกษา พ.ศ. {YEAR - 2} – {YEAR + 2} และแผนปฏิบัติการประจำปีงบประมาณ พ.ศ. {YEAR}"
        )
    elif choice == 4:  # last year's number left on the cover, the report itself of this year
        report = maker.report(title=f"รายงานผลการดำเนินงาน ประจำปีงบประมาณ พ.ศ. {YEAR - 1}")
    else:  # an order of another year in the annex, compared with last year
        annex.insert(rng, f"คำสั่งที่ {rng.randrange(1, 400)}/{YEAR - 1} ลงวันที่ 3 กันยายน {YEAR - 1}")
        report.insert(rng, f"เปรียบเทียบผลปีงบประมาณ พ.ศ. {YEAR - 1} กับปีงบประมาณ พ.ศ. {YEAR} พบว่าสูงขึ้นร้อยละ 4")
    return Case(maker, [plan, report, annex])


def written(rng: random.Random, office: KnownOffice) -> str:
    """An office's name in one of the ways in use, also of the time before 2564."""
    kind = "ประถมศึกษา" if office.level == "ป" else "มัธยมศึกษา"
    area = " ".join(office.provinces)
    number = f" เขต {office.number}" if office.number else ""
    forms = [
        f"สำนักงานเขตพื้นที่การศึกษา{kind}{area}{number}",
        f"สพ{office.level}.{area}{number}",
        f"สพ{office.level}.{area}{number}".replace(" ", "")
        if office.level == "ม"
        else f"สพ{office.level}.{area}{thai_digits(number)}",
    ]
    if office.former and not (office.number and office.number != office.former):
        forms.append(f"สพม.เขต {office.former}")
    return rng.choice(forms)


def strangers(rng: random.Random, own: KnownOffice) -> KnownOffice:
    """Another office: often a neighbour of the same province."""
    others = [one for one in office_table() if one != own and not (one.former and one.former == own.former)]
    near = [one for one in others if set(one.provinces) & set(own.provinces)]
    return rng.choice(near if near and rng.random() < 0.5 else others)


def other_office(rng: random.Random) -> Case:
    maker = Maker(rng)
    stranger = strangers(rng, maker.office)
    plan, report, annex = maker.papers()
    choice = rng.randrange(3)
    if choice == 0:
        paper = rng.choice((plan, report))
        paper.blocks[1] = replace(paper.blocks[1], text=written(rng, stranger))
    else:
        for _ in range(choice):
            told = rng.choice(
                (
                    "{o} ได้ดำเนินการ{t} โดยมีสถานศึกษาเข้าร่วม {n} แห่ง",
                    "ผู้อำนวยการ{o} มอบนโยบายเรื่อง{t} แก่บุคลากรในสังกัด",
                    "{o} จัดประชุมปฏิบัติการ{t} เมื่อวันที่ {d}",
                    "บุคลากรของ{o} ผ่านการอบรม{t} ครบทุกคน",
                )
            )
            text = told.format(
                o=written(rng, stranger), t=rng.choice(THINGS), n=rng.randrange(20, 90), d=maker.date()
            )
            rng.choice((report, annex)).insert(rng, text)
    return Case(maker, [plan, report, annex])


def own_office(rng: random.Random) -> Case:
    maker = Maker(rng)
    stranger = strangers(rng, maker.office)
    other, own = written(rng, stranger), written(rng, maker.office)
    told = rng.choice(
        (
            f"{own} ร่วมกับ {other} จัดอบรม{{t}} เมื่อวันที่ {{d}}",
            f"คณะศึกษาดูงานจาก {other} จำนวน 25 คน มาเยี่ยมชมการดำเนินงาน{{t}}",
            f"{own} ได้ดำเนินการ{{t}} มีโรงเรียนเข้าร่วมครบทุกแห่ง",
            f"โรงเรียนบ้าน{stranger.provinces[0]}ได้จัดกิจกรรม{{t}} เมื่อ {{d}}",
            f"นายสมชาย รองผู้อำนวยการ {other} ย้ายมาดำรงตำแหน่งเมื่อวันที่ {{d}}",
            f"วิทยากรจาก {other} บรรยายเรื่อง{{t}} ให้แก่ครูในสังกัด",
            f"บุคลากรของ{own} ผ่านการอบรม{{t}} ครบทุกคน",
            "สพป. และ สพม. ทุกเขตรายงาน{t} ต่อ สพฐ. ภายในวันที่ {d}",
            f"จังหวัด{stranger.provinces[0]}จัดงานมหกรรมวิชาการเรื่อง{{t}} เมื่อวันที่ {{d}}",
        )
    )
    plan, report, annex = maker.papers()
    rng.choice((report, annex)).insert(rng, told.format(t=rng.choice(THINGS), d=maker.date()))
    plan.blocks[1] = replace(plan.blocks[1], text=own)
    return Case(maker, [plan, report, annex])


def promised_absent(rng: random.Random) -> Case:
    maker = Maker(rng)
    gone = rng.sample(maker.projects, rng.randrange(1, 4))
    kept = [one for one in maker.projects if one not in gone]
    return Case(maker, [maker.plan(), maker.report(kept), maker.annex()])


def promised_and_told(rng: random.Random) -> Case:
    maker = Maker(rng)
    one = rng.choice(maker.projects)
    rest = [project for project in maker.projects if project is not one]
    plan, report, annex = maker.plan(), maker.report(rest), maker.annex()
    choice = rng.randrange(7)
    if choice == 0:  # told in the annex
        annex.insert(rng, f"ภาพประกอบ {one.name} วันที่ {maker.date()}")
    elif choice == 1:  # told as cancelled
        report.insert(rng, f"{one.name} ไม่ได้ดำเนินการเนื่องจากสถานการณ์การแพร่ระบาด")
    elif choice == 2:  # a letter mistyped
        at = rng.randrange(9, len(one.name) - 3)
        report.insert(rng, f"ผลของ {one.name[:at] + one.name[at + 1 :]} เป็นไปตามเป้าหมาย")
    elif choice == 3:  # other blanks, digits and quotes
        report.insert(rng, f"“{one.name.replace(' ', '')}” ดำเนินการใน{maker.date()} มีผู้เข้าร่วม {one.people} คน")
    elif choice == 4:  # cut short at its end
        words = one.name.split(" ")
        short = " ".join(words[:-1]) if len(words) > 1 and len(words[0]) > 20 else one.name
        report.insert(rng, f"| 9 | {short} | ดำเนินการแล้ว |", "table_row")
    elif choice == 5:  # promised last year
        report = maker.report()
        plan.insert(
            rng,
            f"โครงการ{rng.choice(THINGS)}ระยะแรก งบประมาณ 30,000 บาท",
            "list_item",
            heading_path=(f"ผลการดำเนินงานปีงบประมาณ พ.ศ. {YEAR - 1}",),
        )
    else:  # named in passing
        report = maker.report()
        plan.insert(rng, f"สำนักงานเคยได้รับการสนับสนุนโครงการ{rng.choice(THINGS)}จากหน่วยงานอื่นมาก่อน")
    return Case(maker, [plan, report, annex])


def _number(rng: random.Random, value: int) -> str:
    told = rng.choice((f"{value:,}", f"{value:,}.00", f"{value}"))
    return thai_digits(told) if rng.random() < 0.2 else told


def numbers_disagree(rng: random.Random) -> Case:
    maker = Maker(rng)
    one = rng.choice(maker.projects)
    rest = [project for project in maker.projects if project is not one]
    plan, report, annex = maker.plan(), maker.report(rest), maker.annex()
    if rng.random() < 0.6:
        value = rng.choice((one.budget + rng.randrange(1, 40) * 500, one.budget * 10, one.budget + 90))
        form = rng.choice(
            (
                "{n} ได้รับจัดสรรงบประมาณ {v} บาท และดำเนินการเรียบร้อย",
                "{n} วงเงิน {v} บาท",
                "{n} งบประมาณ {v} บาท ดำเนินการเมื่อ {d}",
            )
        )
        report.insert(rng, form.format(n=one.name, v=_number(rng, value), d=maker.date()))
    else:
        report.insert(rng, f"{one.name} มีผู้เข้าร่วม {one.people} คน")
        other = one.people + rng.choice((-11, 7, 30, 100))
        form = rng.choice(("{n} ผู้เข้าร่วมประชุม {v} คน ตามทะเบียนลงเวลา", "{n} มีผู้เข้ารับการอบรมทั้งสิ้น {v} คน"))
        annex.insert(rng, form.format(n=one.name, v=thai_digits(str(other)) if rng.random() < 0.2 else other))
    return Case(maker, [plan, report, annex])


def numbers_agree(rng: random.Random) -> Case:
    maker = Maker(rng)
    one = rng.choice(maker.projects)
    rest = [project for project in maker.projects if project is not one]
    plan, report, annex = maker.plan(), maker.report(rest), maker.annex()
    choice = rng.randrange(6)
    if choice == 0:  # spent less
        report.insert(rng, f"{one.name} เบิกจ่ายจริง {_number(rng, one.budget - 750)} บาท คงเหลือ 750 บาท")
    elif choice == 1:  # the same number otherwise written
        report.insert(rng, f"{one.name} งบประมาณ {thai_digits(f'{one.budget:,}.00')} บาท")
    elif choice == 2:  # changed on the way, and told so
        report.insert(rng, f"{one.name} งบประมาณ {one.budget + 5000:,} บาท (ได้รับโอนเพิ่มเติม 5,000 บาท)")
    elif choice == 3:  # a target is no result
        plan.insert(rng, f"{one.name} กลุ่มเป้าหมายผู้เข้าร่วม {one.people} คน", "list_item")
        report.insert(rng, f"{one.name} มีผู้เข้าร่วม {one.people - 6} คน")
    elif choice == 4:  # two rounds that add up
        first = one.people // 2
        report.insert(rng, f"{one.name} มีผู้เข้าร่วม {one.people} คน")
        annex.insert(rng, f"{one.name} รุ่นที่ 1 ผู้เข้ารับการอบรม {first} คน")
        annex.insert(rng, f"{one.name} รุ่นที่ 2 ผู้เข้ารับการอบรม {one.people - first} คน")
    else:  # used up whole
        report.insert(rng, f"{one.name} ใช้งบประมาณ {_number(rng, one.budget - 120)} บาท")
    return Case(maker, [plan, report, annex])


def linked_evidence(rng: random.Random) -> Case:
    maker = Maker(rng)
    plan, report, annex = maker.papers()
    link = rng.choice(
        (
            "https://drive.google.com/drive/folders/1aB{n}",
            "https://youtu.be/x{n}Q",
            "http://bit.ly/kh{n}",
            "www.facebook.com/media/{n}",
            "https://www.obec{n}.go.th/pdf/a.pdf",
        )
    ).format(n=rng.randrange(100, 999))
    thing = rng.choice(THINGS)
    text = rng.choice(
        (
            f"หลักฐานเชิงประจักษ์ {link}",
            f"รายละเอียดการดำเนินงานเรื่อง{thing} ปรากฏตามลิงก์ {link}",
            f"ประมวลภาพกิจกรรม{thing} {link}",
            f"ดาวน์โหลดรายงานฉบับเต็มได้ที่ {link}",
            f"สามารถรับชมคลิปวิดีโอการประชุม{thing}ได้ที่ {link}",
            f"ร่องรอยหลักฐาน: คลิปวีดิทัศน์การนิเทศ{thing}",
            f"เอกสารประกอบ{thing} สแกน QR Code เพื่อดูไฟล์",
            f"เอกสารอ้างอิงของ{thing} ดูเพิ่มเติมที่ {link}",
        )
    )
    if rng.random() < 0.25:
        report.insert(
            rng,
            f"| {thing} | ดำเนินการแล้ว | {link} |",
            "table_row",
            table_header="| รายการ | ผล | หลักฐาน/ลิงก์ |",
        )
    else:
        rng.choice((report, annex)).insert(rng, text)
    return Case(maker, [plan, report, annex])


def no_linked_evidence(rng: random.Random) -> Case:
    maker = Maker(rng)
    plan, report, annex = maker.papers()
    thing = rng.choice(THINGS)
    text = rng.choice(
        (
            "ที่อยู่ 99 หมู่ 4 ถนนราชการ โทรศัพท์ 0 7500 0000 เว็บไซต์ www.example-esao.go.th",
            f"สำนักงานเผยแพร่ผลงาน{thing}ทางเว็บไซต์ www.example-esao.go.th และเพจเฟซบุ๊กของสำนักงาน",
            f"ครูผลิตสื่อวีดิทัศน์เรื่อง{thing} จำนวน 12 ชิ้น เพื่อใช้ในห้องเรียน",
            "ร้องเรียนหรือแจ้งเบาะแสได้ที่ https://complain.example.go.th หรือโทร. 1579",
            "สอบถามรายละเอียดเพิ่มเติมได้ที่กลุ่มอำนวยการ อีเมล admin@example.go.th",
            f"จัดทำคิวอาร์โค้ดประจำห้องเรียนเพื่อให้นักเรียนเข้าเรียนเรื่อง{thing}",
            f"มีการประชาสัมพันธ์{thing}ผ่าน https://www.facebook.com/esao และ LINE กลุ่มผู้บริหาร",
            f"นักเรียนประกวดคลิปสั้นเรื่อง{thing} ได้รับรางวัลระดับภาค",
            f"รายละเอียด{thing} ปรากฏในภาคผนวก ก หน้า 12",
        )
    )
    rng.choice((plan, report, annex)).insert(rng, text)
    return Case(maker, [plan, report, annex])


LOOKALIKES = {
    "ท": "n",
    "น": "u",
    "บ": "u",
    "พ": "w",
    "ร": "s",
    "ก": "n",
    "ห": "H",
    "ม": "м",
    "ง": "v",
    "ล": "a",
}
LATIN = {"A": "А", "T": "Т", "O": "О", "E": "Ε", "C": "С", "P": "Р", "a": "а", "e": "е", "o": "о"}


def lookalike_letters(rng: random.Random) -> Case:
    maker = Maker(rng)
    plan, report, annex = maker.papers()
    if rng.random() < 0.3:
        word = rng.choice(("ITA", "OIT", "DMC", "PLC", "Google", "Smart Area", "e-Office"))
        places = [at for at, letter in enumerate(word) if letter in LATIN]
        at = rng.choice(places or [0])
        changed = word[:at] + LATIN.get(word[at], "А") + word[at + 1 :]
        if rng.random() < 0.3:
            changed = word[0] + "\u2062" + word[1:]
        report.insert(rng, f"ผลการประเมิน {changed} ของสำนักงาน{rng.choice(THINGS)}")
    else:
        text = maker.telling()
        for _ in range(rng.randrange(2, 5)):
            places = [at for at, letter in enumerate(text) if letter in LOOKALIKES and 3 < at < len(text) - 4]
            inner = [
                at for at in places if all("\u0e01" <= text[at + step] <= "\u0e4e" for step in (-2, -1, 1, 2))
            ]
            at = rng.choice(inner or places)
            text = text[:at] + LOOKALIKES[text[at]] + text[at + 1 :]
        report.insert(rng, text)
    return Case(maker, [plan, report, annex])


def honest_letters(rng: random.Random) -> Case:
    maker = Maker(rng)
    plan, report, annex = maker.papers()
    thing = rng.choice(THINGS)
    text = rng.choice(
        (
            f"พัฒนาระบบITAของสำนักงานร่วมกับระบบe-Officeในเรื่อง{thing}",
            f"แบ่งครูเป็นกลุ่มAและกลุ่มBเพื่ออบรม{thing}",
            f"ใช้กระบวนการPLCและวงจรPDCAขับเคลื่อน{thing}",
            "ค่า α และ β จากการวิเคราะห์ความเที่ยง (Cronbach's α = .89) กำหนดที่ระดับ .05",
            f"ห้องเรียนชั้น\u200bป.1\u200bถึง\u200bป.6\u200bเรื่อง{thing}",
            f"โรงเรียนขนาดSขนาดMและขนาดLเข้าร่วม{thing}",
            f"ใช้โปรแกรมzoomประชุมเรื่อง{thing}และบันทึกในgoogle driveของกลุ่ม",
            f"นักเรียนเรียนภาษาลาว ພາສາລາວ และภาษารัสเซีย Русский ในกิจกรรม{thing}",
            f"ระดับคะแนนเฉลี่ยx\u0304เท่ากับ 4.2 ในเรื่อง{thing}",
        )
    )
    report.insert(rng, text)
    if rng.random() < 0.3:  # a scan misread
        report.blocks.append(Block(9, "paragraph", "การประชuมผู้บริหาsสถานศึกษา", read_by="ocr"))
    return Case(maker, [plan, report, annex])


def same_file(rng: random.Random) -> Case:
    maker = Maker(rng)
    plan, report, annex = maker.papers()
    paper = rng.choice((plan, report, annex))
    if rng.random() < 0.5:
        again = renamed(paper, paper.file)  # the same bytes, in a zip
    else:  # the same text as Word and as PDF, read a little otherwise
        again = renamed(paper, rng.choice(("สำเนา.docx", "เอกสาร 2.pdf", "หลักฐาน.zip/ฉบับจริง.docx")))
        again.blocks = [replace(block, text=block.text.replace("  ", " ")) for block in again.blocks]
        again.kind = rng.choice(("other", paper.kind))
    return Case(maker, [plan, report, annex, again])


def other_files(rng: random.Random) -> Case:
    maker = Maker(rng)
    plan, report, annex = maker.papers()
    choice = rng.randrange(3)
    if choice == 0:  # reports of both rounds have their first half in common
        second = renamed(report, "รายงานรอบ 6 เดือน.pdf")
        second.blocks = second.blocks[: len(second.blocks) // 2]
        for _ in range(8):
            second.add(maker.telling())
    elif choice == 1:  # two covers of one form
        second = Paper("ปก 2.pdf", "other")
        for text in (f"แบบรายงานประเด็นที่ {rng.randrange(1, 7)}", maker.office.name, f"ปีงบประมาณ พ.ศ. {YEAR}"):
            second.add(text)
        annex.blocks = second.blocks[:1] + annex.blocks
    else:  # the report quotes the plan's projects
        second = maker.annex()
        second.file = "ภาคผนวก 2.pdf"
        second.blocks += plan.blocks[13:16]
    return Case(maker, [plan, report, annex, second])


def unreadable_pages(rng: random.Random) -> Case:
    maker = Maker(rng)
    papers = maker.papers()
    code = rng.choice(("page_unreadable", "ocr_missing", "page_damaged", "pages_left_out"))
    page = rng.randrange(2, 60)
    rng.choice(papers).problems = (
        Problem(code, Bilingual(f"อ่านหน้า {page} ไม่ได้", f"Page {page} could not be read."), page),
    )
    return Case(maker, papers)


def readable_pages(rng: random.Random) -> Case:
    maker = Maker(rng)
    papers = maker.papers()
    code = rng.choice(
        ("signed", "comments", "tracked_changes", "extension_wrong", "pictures_read", "attachments")
    )
    rng.choice(papers).problems = (Problem(code, Bilingual("หมายเหตุ", "A remark.")),)
    return Case(maker, papers)


KINDS: dict[str, tuple[Make, Make]] = {
    "missing_document": (missing_document, no_missing_document),
    "wrong_fiscal_year": (wrong_fiscal_year, right_fiscal_year),
    "other_office": (other_office, own_office),
    "same_file": (same_file, other_files),
    "lookalike_letters": (lookalike_letters, honest_letters),
    "linked_evidence": (linked_evidence, no_linked_evidence),
    "partly_unreadable": (unreadable_pages, readable_pages),
    "promised_absent": (promised_absent, promised_and_told),
    "numbers_disagree": (numbers_disagree, numbers_agree),
}
"""Kind -> what makes a planted case, and what makes a near miss."""
