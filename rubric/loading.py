"""Load a rubric and its lexicon, and say file, line and remedy where something is wrong.

A rubric is written by hand by people who are no programmers, so a mistake must be told where it stands in the file.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from rubric.exceptions import RubricError
from rubric.language import Bilingual
from rubric.lexicon import GENERAL, Lexicon
from rubric.rubric import Rubric

HERE = Path(__file__).parent
Location = tuple[int | str, ...]
Model = TypeVar("Model", bound=BaseModel)


def load_rubric(name_or_path: str | Path) -> Rubric:
    """Load a rubric by its id (bundled with the program) or from a file of one's own.

    Args:
        name_or_path: an id such as ``"esa-2560-1.1"``, or the path of a YAML file. The lexicon is the file that the
            rubric names, beside it.

    Raises:
        RubricError: no such rubric, or a mistake in it; the message names file, line and remedy.
    """
    path = Path(name_or_path)
    if path.suffix not in (".yaml", ".yml"):
        path = HERE / f"{name_or_path}.yaml"
    return _load(path.resolve())


def available_rubrics() -> tuple[str, ...]:
    """Ids of the rubrics that come with the program."""
    return tuple(sorted(p.stem for p in HERE.glob("*.yaml") if not p.stem.endswith(".lexicon")))


@lru_cache(maxsize=8)
def _load(path: Path) -> Rubric:
    document = _Document(path)
    if "lexicon" not in document.data:
        raise document.error((), "key `lexicon` is missing", "ขาดคีย์ `lexicon`")
    lexicon = _Document(path.parent / str(document.data["lexicon"]))
    words = lexicon.validated(Lexicon, lexicon.data)
    rubric = document.validated(Rubric, {**document.data, "lexicon": words})
    _check_points(document, rubric)
    _check_rows(document, rubric)
    _check_lexicon(lexicon, rubric)
    return rubric


def _check_points(document: _Document, rubric: Rubric) -> None:
    for index, point in enumerate(rubric.points):
        if point.number in rubric.numbers[:index]:
            raise document.error(
                ("points", index), f"point {point.number} stands twice", f"ประเด็น {point.number} ซ้ำ"
            )
        keys = point.facet_keys
        if len(set(keys)) != len(keys):
            raise document.error(
                ("points", index, "facets"),
                f"point {point.number}: a facet stands twice",
                f"ประเด็น {point.number}: องค์ประกอบซ้ำ",
            )
    missing = {"practice", "intent", "restate", "negative"} - set(rubric.roles)
    if missing:
        named = ", ".join(sorted(missing))
        raise document.error(("roles",), f"roles without explanation: {named}", f"ขาดคำอธิบายบทบาท {named}")


def _check_rows(document: _Document, rubric: Rubric) -> None:
    total = len(rubric.points)
    for index, row in enumerate(rubric.scoring.rows):
        if row.done > total or row.clear > row.done:
            raise document.error(
                ("scoring", "rows", index),
                f"score {row.score} can never be reached with {total} points (done {row.done}, clear {row.clear})",
                f"คะแนน {row.score} เป็นไปไม่ได้เมื่อมี {total} ประเด็น (ดำเนินการ {row.done} ชัดเจน {row.clear})",
            )


def _check_lexicon(document: _Document, rubric: Rubric) -> None:
    for number, facets in rubric.lexicon.points.items():
        if number not in rubric.numbers:
            raise document.error(
                ("points", number), f"the rubric has no point {number}", f"เกณฑ์ไม่มีประเด็นที่ {number}"
            )
        known = {GENERAL, *rubric.point(number).facet_keys}
        for facet in facets:
            if facet not in known:
                raise document.error(
                    ("points", number, facet),
                    f"point {number} has no facet {facet!r}; use one of {', '.join(sorted(known))}",
                    f"ประเด็น {number} ไม่มีองค์ประกอบ {facet!r} ให้ใช้ {', '.join(sorted(known))}",
                )


class _Document:
    """A YAML file with the line of every value, so that a mistake can be pointed at."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data, self.node = self._read()

    def _read(self) -> tuple[dict[str, Any], yaml.Node]:
        try:
            text = self.path.read_text("utf-8")
            node = yaml.compose(text, Loader=yaml.SafeLoader)
            data = yaml.safe_load(text)
        except FileNotFoundError:
            raise RubricError(
                Bilingual(f"ไม่พบแฟ้มเกณฑ์ {self.path.name}", f"There is no rubric file {self.path.name}."),
                Bilingual(
                    f"เกณฑ์ที่มีในโปรแกรม: {', '.join(available_rubrics())}",
                    f"Bundled rubrics: {', '.join(available_rubrics())}.",
                ),
            ) from None
        except (OSError, UnicodeDecodeError) as fault:
            raise self._told(1, str(fault), "เปิดอ่านแฟ้มไม่ได้ หรือไม่ได้บันทึกเป็น UTF-8") from None
        except yaml.YAMLError as fault:
            mark = getattr(fault, "problem_mark", None)
            problem = getattr(fault, "problem", None) or str(fault)
            raise self._told(
                mark.line + 1 if mark else 1, f"not valid YAML: {problem}", "ไวยากรณ์ YAML ผิด"
            ) from None
        if not isinstance(data, dict) or node is None:
            raise self._told(1, "must be a mapping of keys to values", "แฟ้มต้องเป็นคู่ คีย์: ค่า")
        return data, node

    def validated(self, model: type[Model], data: dict[str, Any]) -> Model:
        """Build ``model`` from ``data``; the first fault becomes a RubricError with its line."""
        try:
            return model.model_validate(data)
        except ValidationError as fault:
            first = fault.errors(include_url=False)[0]
            where = " > ".join(map(str, first["loc"])) or "whole file"
            raise self.error(
                first["loc"], f"{where}: {first['msg']}", f"ค่าที่ {where} ไม่ถูกต้อง ({first['msg']})"
            ) from None

    def error(self, location: Location, english: str, thai: str) -> RubricError:
        """An error that points at the line of ``location`` (or of the nearest value above it)."""
        return self._told(_line(self.node, location), english, thai)

    def _told(self, line: int, english: str, thai: str) -> RubricError:
        return RubricError(
            Bilingual(f"{self.path.name} บรรทัด {line}: {thai}", f"{self.path.name}, line {line}: {english}."),
            Bilingual("แก้ไขบรรทัดนั้นแล้วลองใหม่", "Correct that line and try again."),
        )


def _line(node: yaml.Node, location: Location) -> int:
    """Line (from 1) of the value at ``location``, as far as the path exists in the file."""
    line = node.start_mark.line
    for step in location:
        if isinstance(node, yaml.MappingNode):
            found = [(k, v) for k, v in node.value if k.value == str(step)]
            if not found:
                break
            line, node = found[0][0].start_mark.line, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
        else:
            break
    return line + 1
