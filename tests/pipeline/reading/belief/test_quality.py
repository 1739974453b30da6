"""Which text layers are believed."""

import pytest

from pipeline.reading.belief.quality import judge

THAI = "สำนักงานเขตพื้นที่การศึกษาจัดประชุมติดตามผลการดำเนินงานทุกไตรมาสและนำผลไปปรับปรุงแผน "


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        pytest.param(THAI * 3, "good", id="clean Thai"),
        pytest.param("Annual report of the office, 2565. Meetings held: 12 (100%).", "good", id="English"),
        pytest.param("1,234 567.89 100 200 300 12 34 56 78 90 11,000 9,999", "good", id="a page of numbers"),
        pytest.param("หน้า 3", "little", id="a page number"),
        pytest.param("", "little", id="nothing"),
        pytest.param(
            "\ue101\ue102\ue103 \ue104\ue105\ue106\ue107\ue108\ue109" * 4,
            "broken",
            id="codes without letters",
        ),
        pytest.param("é±ü§ç»¿ ßþ¤¥ ¢£¦ Þ½¼ ÆØÐ" * 3, "broken", id="letters of no language"),
        pytest.param("ก่ราสำุน ์ะิกเ้าน ุ็ขตโื้ก ัิำนท่าก ารูศ์ะ้า ึกษ็ ุ่เะไ ้ัี" * 4, "broken", id="Thai in impossible order"),
    ],
)
def test_a_page_is_judged_by_its_text(text: str, verdict: str) -> None:
    assert judge(text).verdict == verdict


def test_the_dictionary_is_asked_only_in_doubt() -> None:
    assert judge(THAI * 3).unknown is None
