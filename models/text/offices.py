"""Offices by their many names: which office a text means, and whether two names mean the same one.

One page often spells one office three ways (the full name, สพป.… 2, สพท. … เขต 2).
Rules about another office's doings and findings about another office's papers both need this, and neither
may fire on the office itself, on a neighbour named as partner, or on a school.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from models.text.office_table import KnownOffice, offices_named, province_prefix
from models.text.tokenizer import normalise

_FULL = r"สำนักงานเขตพื้นที่การศึกษา"
_NAME = re.compile(
    rf"(?:{_FULL}(?:\s*(?P<long>ประถมศึกษา|มัธยมศึกษา))?|(?<![\u0e00-\u0e7f])สพ(?P<short>[ปมท])\.?|สพ(?P<joined>[ปมท])\.)"
    r"(?P<gap>\s*)(?:จังหวัด)?\s*"
    r"(?P<area>(?!เขต\s*\d)[\u0e01-\u0e4e]+(?:\.[\u0e01-\u0e4e]+)*\.?)?"
    r"(?:\s*(?:เขต\s*(?:ที่\s*)?|\.?\s*)(?P<number>\d{1,2})(?!\d|/))?"
)
# Words with which a sentence goes on after a name; Thai has no blanks between words.
_GOES_ON = """
    ได้ มี จัด ดำเนิน เป็น และ หรือ โดย ร่วม ที่ ใน ขอ จึง ให้ กับ นำ เข้า ออก ประกาศ ประชุม กำหนด สู่ ต่อ เพื่อ ครั้ง ปี
    พ.ศ ทั้ง ทุก แห่ง ซึ่ง ตั้ง จำนวน สังกัด พร้อม แจ้ง ส่ง สรุป รายงาน พัฒนา ติดตาม รับ แต่ง อนุมัติ สนับสนุน จะ ยัง ไม่
    สามารถ ผู้ คณะ กลุ่ม บุคลากร ของ ต้อง ควร แบบ ตาม จาก ถึง แล้ว คือ ว่า ก็ ต่าง แต่ละ ละ อื่น ใกล้ เดียว นี้ นั้น ทั่ว
"""
_BREAK = re.compile("(?!ขอนแก่น)(?:" + "|".join(map(re.escape, _GOES_ON.split())) + ")")
_PARTNER = re.compile(
    "ร่วมกับ|ร่วมมือ|ศึกษาดูงาน|เครือข่าย|คลัสเตอร์|กลุ่มจังหวัด|เขตตรวจราชการ|เจ้าภาพ|ต้อนรับ|ย้าย|ไปดำรงตำแหน่ง|มาดำรงตำแหน่ง|"
    "เปรียบเทียบ|เช่นเดียวกับ|ใกล้เคียง|แลกเปลี่ยน|บันทึกข้อตกลง|mou|วิทยากร|ผู้แทนจาก|คณะจาก|ต้นแบบจาก|และสพ|, *สพ"
)
_SHORTEST_AREA = 2
_SURELY_A_NAME = 6
"""Letters of a province's name that is no word besides ("เลย", "ตาก", "แพร่", "น่าน")."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office as named: ``level`` is ``ป`` (primary), ``ม`` (secondary) or ``""`` (not said).

    Attributes:
        area: province or area as written, without blanks and dots.
        number: the number of the area, None where there is none.
    """

    level: str
    area: str
    number: int | None = None

    @property
    def key(self) -> str:
        """Shortest way to write it: ``สพป.ศรีธารา 2``; empty where nothing is known."""
        if not self.area and self.number is None:
            return ""
        name = f"สพ{self.level or 'ท'}.{self.area}"
        return f"{name} {self.number}" if self.number is not None else name


@dataclass(frozen=True, slots=True)
class Mention:
    """An office named at ``start:end`` of the normalised text."""

    office: Office
    start: int
    end: int


@lru_cache(maxsize=4096)
def parse_office(name: str) -> Office:
    """Return the office that ``name`` names.

    >>> parse_office("สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต ๒").key
    'สพป.ศรีธารา 2'
    >>> parse_office("สพม.นครวารี").key
    'สพม.นครวารี'
    """
    text = " ".join(normalise(name).split())
    found = _NAME.match(text)
    if found is None:
        return Office("", re.sub(r"[\s.]", "", text))
    # a whole name may hold blanks ("มัธยมศึกษาเชียงใหม่ แม่ฮ่องสอน"), a mention in running text may not
    rest = text[found.end() :].strip() if found["number"] is None else ""
    extra = rest if rest and re.fullmatch(r"[\u0e01-\u0e4e ]{2,40}", rest) else ""
    return Office(_level(found), re.sub(r"[\s.]", "", (found["area"] or "") + extra), _number(found))


def office_of(name: str) -> Office:
    """Return the parsed office of a name that may be empty."""
    return parse_office(name) if name else Office("", "")


def mentions(text: str) -> tuple[Mention, ...]:
    """Return the offices that a running text names. Names without province and number are left out."""
    normal = normalise(text)
    if "สพ" not in normal and _FULL not in normal:
        return ()
    found = []
    for match in _NAME.finditer(normal):
        area = _area(match)
        if area is not None:
            found.append(Mention(Office(_level(match), area, _number(match)), match.start(), match.end()))
    return tuple(found)


def without_office_names(text: str) -> str:
    """Return ``text`` with each office's name cut down to what kind of office it is; text that names none stays as it is.

    Which office did something is no sign of what was done, but a model that reads names learns them (rules that need names
    read the text itself).

    >>> without_office_names("สพป.ศรีธารา เขต 2 ประชุมผู้บริหาร")
    'สำนักงานเขตพื้นที่การศึกษา ประชุมผู้บริหาร'
    """
    normal = normalise(text)
    if "สพ" not in normal and _FULL not in normal:
        return text
    cut = _NAME.sub(_bare, normal)
    return text if cut == normal else cut


def same_office(one: Office, other: Office) -> bool:
    """Tell whether two names can mean the same office; what one of them leaves out is no difference.

    What the table of offices knows, it decides. An abbreviation that it does not know cannot be told from another
    province, so it counts as the same.
    """
    if one.level and other.level and one.level != other.level:
        return False
    meant, meant_too = _known(one), _known(other)
    if meant and meant_too:
        return bool(meant & meant_too)
    if one.number is not None and other.number is not None and one.number != other.number:
        return False
    if not one.area or not other.area:
        # a secondary office known by its old number, or a name cut short
        return one.number is None or other.number is None or one.number == other.number
    if one.area.startswith(other.area) or other.area.startswith(one.area):
        return True
    return _is_abbreviation(one.area) or _is_abbreviation(other.area)


def foreign_mentions(text: str, own: Office) -> tuple[Mention, ...]:
    """Return the mentions of offices that are certainly not ``own``."""
    if not own.area and own.number is None:
        return ()
    return tuple(mention for mention in mentions(text) if not same_office(own, mention.office))


def tells_of_partners(text: str) -> bool:
    """Tell whether a text speaks of partners, visits, transfers and the like: other offices are rightly named there."""
    return _PARTNER.search(normalise(text)) is not None


def acts_for_another(text: str, own: Office) -> Mention | None:
    """Return the other office whose doing the text tells, None where it tells of ``own`` or of a partner.

    It does where another office stands at its head or as owner, ``own`` is not named, and nothing speaks of
    partners, visits or transfers.
    """
    foreign = foreign_mentions(text, own)
    if not foreign or len(foreign) < len(mentions(text)):
        return None
    normal = normalise(text)
    if _PARTNER.search(normal):
        return None
    first = foreign[0]
    before = normal[: first.start]
    is_subject = len(before.strip()) <= 12 or before.rstrip().endswith(("ของ", "ผู้อำนวยการ", "ผอ.", "บุคลากร"))
    return first if is_subject else None


def _bare(match: re.Match[str]) -> str:
    """The kind of office alone, and what the pattern took for its area but is the sentence going on."""
    area = _area(match)
    if area is None:
        return match[0]
    if match["number"] or not match["area"] or "." in match["area"]:
        return _FULL
    return _FULL + match[0][match.start("area") + len(area) - match.start() :]


def _known(office: Office) -> frozenset[KnownOffice]:
    return offices_named(office.level, office.area, office.number)


def _level(match: re.Match[str]) -> str:
    if match["long"]:
        return "ป" if match["long"] == "ประถมศึกษา" else "ม"
    letter = match["short"] or match["joined"]
    return letter if letter in ("ป", "ม") else ""


def _number(match: re.Match[str]) -> int | None:
    return int(match["number"]) if match["number"] else None


def _area(match: re.Match[str]) -> str | None:
    """Return the area a running text names, None where the match is no name ("สพม. สรุปผล", "สพป.ทุกเขต")."""
    clean = (match["area"] or "").replace(".", "")
    if not clean:
        return "" if match["number"] else None
    if (known := province_prefix(clean)) and (not match["gap"] or len(known) >= _SURELY_A_NAME):
        return known
    if _BREAK.match(clean):
        return None
    if match["number"]:
        return clean.removesuffix("เขต")
    if match["gap"]:  # without a number, only a name written on to its title is surely one
        return None
    broken = _BREAK.search(clean, _SHORTEST_AREA)
    area = clean[: broken.start()] if broken else clean
    return area if len(area) >= _SHORTEST_AREA else None


def _is_abbreviation(area: str) -> bool:
    """Consonants only, at most five: นศ, ขก, จบตร."""
    return len(area) <= 5 and all("\u0e01" <= letter <= "\u0e2e" for letter in area)
