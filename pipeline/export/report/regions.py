"""The regions of Thailand by province, as the Royal Society divides them; provinces by their names without blanks."""

from __future__ import annotations

from rubric.language import Bilingual

_NAMES = {
    "north": Bilingual("ภาคเหนือ", "North"),
    "northeast": Bilingual("ภาคตะวันออกเฉียงเหนือ", "Northeast"),
    "central": Bilingual("ภาคกลาง", "Central"),
    "east": Bilingual("ภาคตะวันออก", "East"),
    "west": Bilingual("ภาคตะวันตก", "West"),
    "south": Bilingual("ภาคใต้", "South"),
}
UNKNOWN = Bilingual("ไม่ทราบภาค", "Region unknown")
_PROVINCES = {
    "north": "เชียงราย เชียงใหม่ น่าน พะเยา แพร่ แม่ฮ่องสอน ลำปาง ลำพูน อุตรดิตถ์",
    "northeast": "กาฬสินธุ์ ขอนแก่น ชัยภูมิ นครพนม นครราชสีมา บึงกาฬ บุรีรัมย์ มหาสารคาม มุกดาหาร ยโสธร ร้อยเอ็ด เลย ศรีสะเกษ "
    "สกลนคร สุรินทร์ หนองคาย หนองบัวลำภู อำนาจเจริญ อุดรธานี อุบลราชธานี",
    "central": "กรุงเทพมหานคร กำแพงเพชร ชัยนาท นครนายก นครปฐม นครสวรรค์ นนทบุรี ปทุมธานี พระนครศรีอยุธยา พิจิตร พิษณุโลก "
    "เพชรบูรณ์ ลพบุรี สมุทรปราการ สมุทรสงคราม สมุทรสาคร สระบุรี สิงห์บุรี สุโขทัย สุพรรณบุรี อ่างทอง อุทัยธานี",
    "east": "จันทบุรี ฉะเชิงเทรา ชลบุรี ตราด ปราจีนบุรี ระยอง สระแก้ว",
    "west": "กาญจนบุรี ตาก ประจวบคีรีขันธ์ เพชรบุรี ราชบุรี",
    "south": "กระบี่ ชุมพร ตรัง นครศรีธรรมราช นราธิวาส ปัตตานี พังงา พัทลุง ภูเก็ต ยะลา ระนอง สงขลา สตูล สุราษฎร์ธานี",
}
_REGION = {province: region for region, names in _PROVINCES.items() for province in names.split()}
PROVINCES = frozenset(_REGION)


def region_of(province: str, area: str = "") -> Bilingual:
    """Return the region of a province, else of the first province that an office's area names.

    >>> region_of("เชียงใหม่").en, region_of("", "เชียงใหม่แม่ฮ่องสอน").en, region_of("ไม่มี").en
    ('North', 'North', 'Region unknown')
    """
    for name in (province, area):
        plain = "".join(name.split()).removeprefix("จังหวัด")
        if (region := _REGION.get(plain)) is not None:
            return _NAMES[region]
    found = [name for name in sorted(_REGION, key=len, reverse=True) if area.startswith(name)]
    return _NAMES[_REGION[found[0]]] if found else UNKNOWN
