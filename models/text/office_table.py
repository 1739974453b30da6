"""The 245 area offices with all their names: province and number, two-letter codes, numbers from before 2564.

What a name can mean is a set of offices: "สพม.เขต 14" became one office, "สพม.เขต 15" three, "สพป.เชียงใหม่" may be any of
six. Two names can mean the same office where their sets meet. A name that the table does not know gives no set, and the
comparing of names by their letters decides (``models.text.offices``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

TABLE = Path(__file__).parent / "offices.yaml"
BANGKOK = {"กทม": "กรุงเทพมหานคร", "กท": "กรุงเทพมหานคร", "กรุงเทพฯ": "กรุงเทพมหานคร", "กรุงเทพ": "กรุงเทพมหานคร"}
OTHER_NAMES = {"อยุธยา": "พระนครศรีอยุธยา", "โคราช": "นครราชสีมา", "ประจวบ": "ประจวบคีรีขันธ์", "สฏ": "สุราษฎร์ธานี"}
_NUMBERED = re.compile(r"(.+) เขต (\d)")


@dataclass(frozen=True, slots=True)
class KnownOffice:
    """One office of the table.

    Attributes:
        level: ``ป`` or ``ม``.
        provinces: those it is named after, in the order of its name.
        number: its number today, None where its name has none.
        former: number before 2564; None for primary offices.
    """

    level: str
    provinces: tuple[str, ...]
    number: int | None
    former: int | None = None

    @property
    def name(self) -> str:
        """Its name in full, as it signs letters."""
        kind = "ประถมศึกษา" if self.level == "ป" else "มัธยมศึกษา"
        number = f" เขต {self.number}" if self.number else ""
        return f"สำนักงานเขตพื้นที่การศึกษา{kind}{' '.join(self.provinces)}{number}"


@lru_cache(maxsize=1)
def office_table() -> tuple[KnownOffice, ...]:
    """Return all offices, primary ones first."""
    told = yaml.safe_load(TABLE.read_text("utf-8"))
    primary = [
        KnownOffice("ป", (province,), number if areas > 1 else None)
        for province, (_, areas) in told["primary"].items()
        for number in range(1, areas + 1)
    ]
    secondary = []
    for name, former in told["secondary"]:
        numbered = _NUMBERED.fullmatch(name)
        provinces = (numbered[1],) if numbered else tuple(name.split())
        secondary.append(KnownOffice("ม", provinces, int(numbered[2]) if numbered else None, former))
    return (*primary, *secondary)


@lru_cache(maxsize=4096)
def offices_named(level: str, area: str, number: int | None) -> frozenset[KnownOffice]:
    """Return the offices that a name can mean; none where the table knows no such name.

    Args:
        level: ``ป``, ``ม`` or ``""`` (สพท., of the time when both were one).
        area: without blanks and dots, as ``models.text.offices.Office`` has it; may be cut short at a blank.
    """
    if not area:
        return frozenset(one for one in office_table() if level == "ม" and number and one.former == number)
    meant = _of_area(level, area)
    if number is None:
        return meant
    by_number = frozenset(one for one in meant if number in (one.number, one.former))
    single = frozenset(one for one in meant if one.number is None)
    return by_number or single


def _of_area(level: str, area: str) -> frozenset[KnownOffice]:
    provinces = _provinces_in(area)
    if not provinces:
        return frozenset()
    return frozenset(
        one
        for one in office_table()
        if level in ("", one.level) and provinces == one.provinces[: len(provinces)]
    ) or frozenset(
        one for one in office_table() if level in ("", one.level) and set(provinces) <= set(one.provinces)
    )


@lru_cache(maxsize=4096)
def province_prefix(text: str) -> str:
    """Return the beginning of a text that names provinces, one or several written in one; empty where none stands there.

    >>> province_prefix("ขอนแก่นได้จัดประชุม"), province_prefix("ลำปางลำพูน"), province_prefix("ศรีธารา")
    ('ขอนแก่น', 'ลำปางลำพูน', '')
    """
    at = 0
    while longest := max((name for name in _full_names() if text.startswith(name, at)), key=len, default=""):
        at += len(longest)
    return text[:at]


@lru_cache(maxsize=4096)
def _provinces_in(area: str) -> tuple[str, ...]:
    """Cut an area written in one ("ลำปางลำพูน", "จบตร") into the provinces it names; none where a piece is no province."""
    for names in (_full_names(), _codes()):
        if found := _cut(area, names):
            return found
    return ()


def _cut(area: str, names: Mapping[str, str]) -> tuple[str, ...]:
    if not area:
        return ()
    for name in sorted((one for one in names if area.startswith(one)), key=len, reverse=True):
        if name == area:
            return (names[name],)
        if rest := _cut(area[len(name) :], names):
            return (names[name], *rest)
    return ()


@lru_cache(maxsize=1)
def _full_names() -> Mapping[str, str]:
    provinces = {province: province for one in office_table() for province in one.provinces}
    return {**provinces, **BANGKOK, **OTHER_NAMES}


@lru_cache(maxsize=1)
def _codes() -> Mapping[str, str]:
    told = yaml.safe_load(TABLE.read_text("utf-8"))["primary"]
    found: dict[str, str] = defaultdict(str)
    for province, (code, _) in told.items():
        found[code] = province
    return dict(found)
