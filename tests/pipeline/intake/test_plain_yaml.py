"""submission.yaml by strangers: strings, lists and maps alone, within limits, whatever is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.declared import MOST_MISTAKES, parse_declared
from pipeline.intake.plain_yaml import Malformed, load

HOSTILE = {
    "bool": "x: !!bool maybe",
    "int": 'x: !!int ""',
    "float": "x: !!float abc",
    "time": "x: !!timestamp never",
    "binary": "x: !!binary ก",
    "set": "x: !!set {a, b}",
    "omap": "x: !!omap [1]",
    "python": "x: !!python/name:os.system",
    "huge hex": "fiscal_year: 0x" + "f" * 6000,
    "huge number": "fiscal_year: " + "9" * 6000,
    "base 60": "fiscal_year: " + ":".join(["59"] * 3000),
    "date": "fiscal_year: 2565-13-45",
    "alias tree": "a0: &a0 [x, x]\n"
    + "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)),
    "alias of itself": "office: &o [*o]",
    "alias unknown": "office: *nothing",
    "many aliases": "a: &a x\nb: [" + ", ".join(["*a"] * 5000) + "]",
    "deep": "office: " + "[" * 5000,
    "deep lines": "- " * 5000,
    "questions": "? " * 5000,
    "version": f"%YAML 1.{'1' * 5000}\n---\na: b",
    "escape": r'office: "\UFFFFFFFF"',
    "two documents": "--- a\n--- b",
    "keys": "{a: b}: c",
    "many keys": "\n".join(f"k{n}: x" for n in range(9000)),
    "merge": "<<: {office: x}",
    "nul": "office: \0",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_yaml_is_told_and_bounded(text: str) -> None:
    declared = parse_declared(text.encode())
    assert 1 <= len(declared.mistakes) <= MOST_MISTAKES
    for mistake in declared.mistakes:
        assert mistake.en and any("\u0e01" <= letter <= "\u0e5b" for letter in mistake.th)
        assert len(mistake.en) < 300


@pytest.mark.parametrize("name", ["bool", "int", "huge hex", "merge", "keys", "set"])
def test_what_is_right_beside_it_still_counts(name: str) -> None:
    text = HOSTILE[name].replace("fiscal_year", "x")
    declared = parse_declared(f"office: สพป.ตัวอย่าง เขต 1\n{text}\nfiscal_year: ๒๕๖๕\nround: 12".encode())
    assert (declared.office, declared.fiscal_year, declared.round) == ("สพป.ตัวอย่าง เขต 1", 2565, 12)


@pytest.mark.parametrize("year", ["2565", "'2565'", "๒๕๖๕", '"๒๕๖๕"', "!!str 2565", "!!int 2565", " ๒๕65 "])
def test_a_year_is_a_year_in_either_digits(year: str) -> None:
    assert parse_declared(f"fiscal_year: {year}".encode()).fiscal_year == 2565


@pytest.mark.parametrize(
    "year", ["0xA05", "2_565", "2565.0", "२५६५", "2022", "พ.ศ. 2565", "true", "[2565]", "10:59:59"]
)
def test_what_is_no_year_is_told(year: str) -> None:
    declared = parse_declared(f"fiscal_year: {year}".encode())
    assert declared.fiscal_year is None and "Buddhist" in declared.mistakes[0].en


def test_an_empty_value_is_none_and_letters_that_no_database_takes_are_replaced() -> None:
    assert parse_declared(b"office:\nprovince: ~\nround: null").mistakes == ()
    declared = parse_declared(rb'documents: [{file: "a\0\uD800.pdf", kind: plan}]')
    assert list(declared.kinds) == ["a\ufffd\ufffd.pdf"]


def test_an_alias_is_the_value_itself() -> None:
    assert load("a: &x [1, b]\nc: *x").value == {"a": ["1", "b"], "c": ["1", "b"]}
    assert parse_declared(b"office: &o Somewhere\nprovince: *o").province == "Somewhere"


@given(st.text(alphabet="ab: -?[]{}&*!|>'\"%#,\n\t\\x0~<é๒", max_size=200))
def test_anything_is_read_or_refused_with_a_reason(text: str) -> None:
    try:
        load(text)
    except Malformed as fault:
        assert fault.why.th and fault.why.en
    parse_declared(text.encode())
