"""The table of the 245 offices: complete, and every way of writing a name leads to the right ones."""

import pytest

from models.text.office_table import office_table, offices_named
from models.text.offices import acts_for_another, parse_office, same_office


def test_there_are_183_primary_and_62_secondary_offices() -> None:
    levels = [one.level for one in office_table()]
    assert (levels.count("ป"), levels.count("ม"), len(set(office_table()))) == (183, 62, 245)


def test_every_former_number_of_the_42_leads_somewhere() -> None:
    assert {one.former for one in office_table() if one.level == "ม"} == set(range(1, 43))


@pytest.mark.parametrize("office", office_table(), ids=lambda one: one.name[22:])
def test_every_office_is_found_by_its_full_and_its_short_name_and_by_nobody_elses(office: object) -> None:
    short = office.name.replace("สำนักงานเขตพื้นที่การศึกษา", "สพ")  # type: ignore[attr-defined]
    short = short.replace("สพประถมศึกษา", "สพป.").replace("สพมัธยมศึกษา", "สพม.")
    for name in (office.name, short):  # type: ignore[attr-defined]
        parsed = parse_office(name)
        assert offices_named(parsed.level, parsed.area, parsed.number) == {office}, name


@pytest.mark.parametrize(
    ("name", "other", "same"),
    [
        ("สพม.เขต 14", "สพม.พังงา ภูเก็ต ระนอง", True),
        ("สพม.เขต 14", "สพม.พังงา", True),
        ("สพม.เขต 15", "สพม.ยะลา", True),
        ("สพม.เขต 14", "สพม.ยะลา", False),
        ("สพม. เขต ๓๘", "สำนักงานเขตพื้นที่การศึกษามัธยมศึกษาตาก", True),
        ("สพม.จบตร", "สพม.จันทบุรี ตราด", True),
        ("สพม.จบตร", "สพม.ชลบุรี ระยอง", False),
        ("สพป.นศ.2", "สพป.นครศรีธรรมราช เขต 2", True),
        ("สพป.นศ.2", "สพป.นครสวรรค์ เขต 2", False),
        ("สพป.ขก.3", "สพป.ขอนแก่น เขต 4", False),
        ("สพป.เชียงใหม่", "สพป.เชียงใหม่ เขต 6", True),
        ("สพป.ตราด เขต 1", "สพป.ตราด", True),
        ("สพม.กท 1", "สพม.กรุงเทพมหานคร เขต 1", True),
        ("สพม.กรุงเทพมหานคร เขต 2", "สพม.เขต 1", False),
        ("สพท.ลำพูน เขต 2", "สพป.ลำพูน เขต 2", True),
        ("สพม.ลำปางลำพูน", "สพม.เขต 35", True),
        ("สพป.ลพบุรี เขต 1", "สพม.ลพบุรี", False),
    ],
)
def test_names_of_all_times_meet_where_they_mean_one_office(name: str, other: str, same: bool) -> None:
    assert same_office(parse_office(name), parse_office(other)) is same
    assert same_office(parse_office(other), parse_office(name)) is same


def test_an_old_number_of_another_office_is_another_office() -> None:
    own = parse_office("สำนักงานเขตพื้นที่การศึกษามัธยมศึกษาจันทบุรี ตราด")
    assert acts_for_another("สพม.เขต 14 ได้จัดประชุมผู้บริหารสถานศึกษา", own) is not None
    assert acts_for_another("สพม.เขต 17 ได้จัดประชุมผู้บริหารสถานศึกษา", own) is None
    assert acts_for_another("สพม.จบตร ได้จัดประชุมผู้บริหารสถานศึกษา", own) is None
