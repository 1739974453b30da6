"""The house's plan, held: what each room may import, how large it may grow, and that no two rooms lean on each other.

A *room* is a folder with modules; its *door* are the modules that lie in it directly. ``make layers`` prints the plan.
"""

import ast
import functools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOPS = ("rubric", "models", "pipeline", "flows")

MAY_IMPORT = {
    # One row a room, lowest first: the rooms it may import from. Its own modules and rubric/ need no mention;
    # "name" is a room's own modules without its sub-rooms, "name/*" its sub-rooms. A new room needs a row here.
    "rubric": "",
    "models": "",
    "models/text": "models",
    "models/encoder": "models models/text",
    "models/judging": "models models/text",
    "models/scoring": "models models/text models/encoder models/judging",
    "models/registry": "models models/judging models/scoring",
    "models/measuring": "models models/text models/judging models/scoring",
    "models/training": "models models/text models/encoder models/judging models/scoring models/registry models/measuring",
    "models/retraining": "models models/text models/scoring models/measuring models/training",
    "pipeline": "models",
    "pipeline/intake": "pipeline models models/text",
    "pipeline/reading/thai": "models/text",
    "pipeline/reading/layout": "pipeline pipeline/reading/thai pipeline/reading/layout/borderless",
    "pipeline/reading/layout/borderless": "pipeline pipeline/reading/thai pipeline/reading/layout",
    "pipeline/reading/belief": "pipeline pipeline/reading/thai pipeline/reading/layout",
    "pipeline/reading/sandbox": "pipeline pipeline/reading",
    "pipeline/reading/ocr": "pipeline pipeline/reading pipeline/reading/thai pipeline/reading/layout"
    " pipeline/reading/belief",
    "pipeline/reading/pdf": "pipeline pipeline/reading pipeline/reading/thai pipeline/reading/layout"
    " pipeline/reading/belief pipeline/reading/ocr",
    "pipeline/reading/ooxml": "pipeline pipeline/reading pipeline/reading/thai pipeline/reading/layout pipeline/reading/belief"
    " pipeline/reading/ocr pipeline/reading/pdf pipeline/reading/sandbox",
    "pipeline/reading/child": "pipeline pipeline/reading pipeline/reading/thai pipeline/reading/layout"
    " pipeline/reading/ocr pipeline/reading/pdf pipeline/reading/ooxml pipeline/reading/sandbox",
    "pipeline/reading/show": "pipeline pipeline/reading pipeline/reading/sandbox",
    "pipeline/reading": "pipeline pipeline/reading/sandbox pipeline/reading/ooxml",
    "pipeline/findings": "pipeline pipeline/findings/detectors models models/text",
    "pipeline/findings/detectors": "pipeline pipeline/findings pipeline/intake models/text",
    "pipeline/findings/likeness": "pipeline pipeline/findings models models/text",
    "pipeline/screening": "pipeline pipeline/findings pipeline/findings/likeness pipeline/intake pipeline/reading"
    " pipeline/reading/ocr models models/text models/judging",
    "pipeline/store/tables": "",
    "pipeline/store": "pipeline pipeline/store/work pipeline/findings pipeline/findings/likeness pipeline/intake"
    " pipeline/store/tables models/text",
    "pipeline/uploads": "pipeline pipeline/intake pipeline/reading pipeline/reading/child models/text",
    "pipeline/store/work": "pipeline pipeline/intake pipeline/store pipeline/store/tables models/text",
    "pipeline/store/migrations": "pipeline/store pipeline/store/tables",
    "pipeline/store/migrations/versions": "",
    "pipeline/learning": "pipeline pipeline/intake pipeline/store pipeline/store/tables pipeline/learning/ordering"
    " models models/*",
    "pipeline/learning/ordering": "pipeline/store pipeline/store/tables models models/*",
    "pipeline/batches": "pipeline pipeline/findings pipeline/findings/likeness pipeline/intake pipeline/reading"
    " pipeline/screening models/text pipeline/learning/ordering pipeline/store"
    " pipeline/store/tables models/registry pipeline/store/work",
    "pipeline/sources": "pipeline pipeline/intake pipeline/store pipeline/store/tables models pipeline/store/work",
    "pipeline/export": "pipeline pipeline/deliveries pipeline/findings pipeline/store pipeline/store/tables",
    "pipeline/export/letters/paper": "pipeline/export pipeline/export/letters pipeline/reading pipeline/reading/ooxml",
    "pipeline/export/letters": "pipeline pipeline/export pipeline/export/letters/paper pipeline/intake pipeline/reading"
    " pipeline/reading/ooxml pipeline/store pipeline/store/tables models/judging",
    "pipeline/export/report": "pipeline pipeline/export pipeline/export/letters pipeline/reading pipeline/store"
    " pipeline/store/tables models/text",
    "pipeline/export/marking": "pipeline pipeline/export pipeline/intake pipeline/reading pipeline/reading/child"
    " pipeline/reading/ooxml pipeline/store pipeline/store/tables models/judging",
    "pipeline/health": "pipeline pipeline/intake pipeline/reading pipeline/reading/ocr pipeline/screening"
    " pipeline/export/letters pipeline/store pipeline/store/tables models models/registry",
    "pipeline/upkeep": "pipeline/intake pipeline/store pipeline/store/tables",
    "pipeline/review/decisions": "pipeline/store pipeline/store/tables models",
    "pipeline/deliveries": "pipeline/store pipeline/store/tables models/text",
    "pipeline/annotation": "pipeline pipeline/export pipeline/review/decisions pipeline/review/people"
    " pipeline/review/cases pipeline/store pipeline/store/tables models",
    "pipeline/review/people": "pipeline/review pipeline/intake pipeline/store pipeline/store/tables",
    "pipeline/review/cases": "pipeline pipeline/deliveries pipeline/findings pipeline/review pipeline/review/decisions"
    " pipeline/review/people pipeline/review/talk"
    " pipeline/store pipeline/store/tables models models/judging",
    "pipeline/review/rounds": "pipeline pipeline/intake pipeline/reading pipeline/uploads pipeline/store"
    " pipeline/store/tables pipeline/store/work",
    "pipeline/review/agreement": "pipeline/review/decisions pipeline/review/people pipeline/store pipeline/store/tables models"
    " models/measuring",
    "pipeline/review/queue": "pipeline pipeline/review/rounds pipeline/review/decisions pipeline/review/people"
    " pipeline/review/talk pipeline/review/cases pipeline/learning pipeline/learning/ordering pipeline/store"
    " pipeline/store/tables models/text",
    "pipeline/review/pages": "pipeline pipeline/review pipeline/review/cases pipeline/intake pipeline/reading"
    " pipeline/reading/pdf pipeline/reading/show pipeline/store pipeline/store/tables models/text",
    "pipeline/review/figures": "pipeline pipeline/review/pages pipeline/learning pipeline/learning/ordering"
    " pipeline/store pipeline/store/tables"
    " models/measuring models/registry models/retraining models/scoring",
    "pipeline/review/web": "pipeline pipeline/review pipeline/review/decisions pipeline/review/people"
    " pipeline/review/cases pipeline/review/queue pipeline/review/pages pipeline/review/figures pipeline/review/results"
    " pipeline/review/rounds pipeline/intake pipeline/uploads pipeline/learning"
    " pipeline/learning/ordering"
    " pipeline/store pipeline/store/tables models/text",
    "pipeline/review/talk": "pipeline/review/decisions pipeline/review/people pipeline/store/tables",
    "pipeline/review/manuals": "",
    "pipeline/review/results": "pipeline pipeline/export pipeline/findings pipeline/review/people pipeline/review/cases"
    " pipeline/review/queue pipeline/store pipeline/store/tables",
    "pipeline/review/routes/leads": "pipeline pipeline/export pipeline/export/letters pipeline/export/marking"
    " pipeline/export/report pipeline/findings pipeline/reading"
    " pipeline/review"
    " pipeline/review/* pipeline/learning pipeline/learning/ordering pipeline/store pipeline/store/tables",
    "pipeline/review/routes": "pipeline pipeline/findings pipeline/health pipeline/reading pipeline/review pipeline/review/*"
    " pipeline/review/routes/leads pipeline/uploads pipeline/learning pipeline/learning/ordering pipeline/store"
    " pipeline/store/tables pipeline/store/work",
    "pipeline/review": "pipeline pipeline/review/* pipeline/intake pipeline/uploads pipeline/learning pipeline/learning/ordering"
    " pipeline/store pipeline/store/tables",
    "flows": "flows/* pipeline pipeline/* models models/*",
    "flows/opening": "flows pipeline pipeline/* models models/*",
    "flows/machine_logs": "",
    "flows/orchestrated": "flows flows/opening pipeline pipeline/* models models/*",
    "flows/tree": "flows flows/opening flows/orchestrated",
    "flows/commands": "flows flows/opening flows/commands/* pipeline pipeline/* models models/*",
    "flows/commands/*": "flows flows/opening flows/machine_logs flows/orchestrated flows/tree flows/commands pipeline"
    " pipeline/* models models/*",
}
MOST_MODULES = 15
UNCOUNTED = ("pipeline/store/tables", "pipeline/store/migrations/versions")
MOST_LINES = 400

NOT_IN = {
    # Libraries that may not be imported in a room, nor in one below it.
    "rubric": "prefect sqlalchemy fastapi numpy pythainlp",
    "models": "prefect sqlalchemy alembic fastapi pypdfium2 docx openpyxl",
    "pipeline": "prefect",
    "pipeline/reading": "sqlalchemy fastapi",
    "pipeline/reading/layout": "pypdfium2 pdfplumber pdfminer pikepdf docx lxml openpyxl PIL pytesseract",
}

ONE_MEANING = {
    # File names that may stand twice in one of the four top folders, since they mean the same there.
    "__init__.py": "what belongs into the room",
    "__main__.py": "what `python -m` runs",
    "reader.py": "from a file or picture to a PageReading: the first module to open",
    "drafts.py": "a draft: its shape, and how the store keeps it",
    "batches.py": "a batch: what the store keeps of it",
    "readings.py": "a reading: what the store keeps of it",
    "submissions.py": "a submission: what the store keeps of it",
}
NAMED_BY_NOUN = ("pipeline/store/tables", "pipeline/review/routes", "flows/commands")
"""Here a module is named by the table, screen or flow that it stands for, whatever else bears that name."""


def room_of(module: str) -> str:
    """The folder that a module lies in."""
    return modules()[module].relative_to(ROOT).parent.as_posix()


@functools.cache
def modules() -> dict[str, Path]:
    """Every module of the product by its dotted name."""
    found = {}
    for top in TOPS:
        for path in sorted((ROOT / top).rglob("*.py")):
            dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[dotted.removesuffix(".__init__")] = path
    return found


@functools.cache
def rooms() -> dict[str, list[Path]]:
    """Every room with its own modules, ``__init__`` included."""
    found = defaultdict(list)
    for module, path in modules().items():
        found[room_of(module)].append(path)
    return dict(found)


@functools.cache
def imported(path: Path) -> frozenset[str]:
    """The dotted names that a module imports, in functions and for types too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def of_the_house(path: Path) -> Iterator[str]:
    """The product's own modules that a module imports."""
    for name in imported(path):
        while name and name not in modules():
            name = name.rpartition(".")[0]
        if name:
            yield name


def may_import(room: str) -> list[str]:
    """Patterns of the rooms that a room may import from, by its own row or by one that ends in ``/*``."""
    row = MAY_IMPORT.get(room, MAY_IMPORT.get(f"{room.rpartition('/')[0]}/*"))
    assert row is not None, f"{room} has no row in MAY_IMPORT"
    return [room, "rubric", *row.split()]


def parts(room: str, opened: Iterable[str] = ()) -> dict[str, str]:
    """The part of a room that each module below it belongs to: a sub-room, or a module at the door by itself.

    ``opened`` are sub-rooms that are not taken as one part but by their own parts.
    """
    found = {}
    for module, path in modules().items():
        inner = path.relative_to(ROOT).parts
        for depth in range(len(inner)):
            above = "/".join(inner[:depth])
            if above == room or above in opened:
                found[module] = f"{above}/{inner[depth]}".lstrip("/")
    return found


def arrows(part_of: dict[str, str]) -> dict[str, set[str]]:
    """Which part imports from which."""
    found = {part: set() for part in part_of.values()}
    for module, part in part_of.items():
        found[part] |= {part_of[other] for other in of_the_house(modules()[module]) if other in part_of} - {
            part
        }
    return found


def levels(below: dict[str, set[str]]) -> dict[str, int]:
    """How many parts stand under each, itself counted; fails where parts import each other in a circle."""
    found: dict[str, int] = {}

    def climb(part: str, way: tuple[str, ...]) -> int:
        assert part not in way, "a circle: " + " → ".join([*way[way.index(part) :], part])
        if part not in found:
            found[part] = 1 + max((climb(other, (*way, part)) for other in sorted(below[part])), default=0)
        return found[part]

    for part in sorted(below):
        climb(part, ())
    return found


def with_sub_rooms() -> list[str]:
    """The rooms that hold other rooms; the house itself is ``""``."""
    return sorted({room.rpartition("/")[0] for room in rooms()})


@pytest.mark.parametrize("room", rooms())
def test_a_room_imports_only_what_its_row_allows(room: str) -> None:
    allowed = may_import(room)
    for path in rooms()[room]:
        for module in of_the_house(path):
            other = room_of(module)
            assert any(fnmatchcase(other, pattern) for pattern in allowed), (
                f"{path.relative_to(ROOT)} imports {module}; MAY_IMPORT of {room} says nothing of {other}"
            )


@pytest.mark.parametrize("room", rooms())
def test_a_room_stays_small_and_says_what_belongs_there(room: str) -> None:
    assert ROOT / room / "__init__.py" in rooms()[room], (
        f"{room} has no __init__.py that says what belongs there"
    )
    assert room in UNCOUNTED or len(rooms()[room]) - 1 <= MOST_MODULES, (
        f"{room}: more than {MOST_MODULES} modules"
    )
    for path in rooms()[room]:
        text = path.read_text("utf-8")
        assert ast.get_docstring(ast.parse(text)), f"{path} has no docstring"
        assert len(text.splitlines()) <= MOST_LINES, f"{path} outgrew its room"


@pytest.mark.parametrize("room", with_sub_rooms())
def test_no_rooms_lean_on_each_other(room: str) -> None:
    levels(arrows(parts(room)))


@pytest.mark.parametrize("top", TOPS)
def test_imports_point_down(top: str) -> None:
    above = TOPS[TOPS.index(top) + 1 :]
    for module, path in modules().items():
        if module.split(".")[0] == top:
            assert not [name for name in of_the_house(path) if name.split(".")[0] in above], module


@pytest.mark.parametrize("room", NOT_IN)
def test_a_room_is_free_of_libraries_that_belong_elsewhere(room: str) -> None:
    for path in sorted((ROOT / room).rglob("*.py")):
        tops = {name.split(".")[0] for name in imported(path)}
        assert not tops & set(NOT_IN[room].split()), f"{path.relative_to(ROOT)} imports {tops}"


@pytest.mark.parametrize("top", TOPS)
def test_a_file_name_means_one_thing(top: str) -> None:
    counted = Counter(
        path.name
        for room, paths in rooms().items()
        if room.split("/")[0] == top and not room.startswith(NAMED_BY_NOUN)
        for path in paths
    )
    doubled = {name for name, count in counted.items() if count > 1} - set(ONE_MEANING)
    assert not doubled, (
        f"{top}/ has several of these; rename one, or say in ONE_MEANING why they mean the same"
    )


def test_addresses_ask_the_database_nothing_themselves() -> None:
    for path in rooms()["pipeline/review/routes"]:
        asks = imported(path) & {
            f"sqlalchemy.{verb}" for verb in ("select", "update", "delete", "insert", "text")
        }
        assert not asks, f"{path.relative_to(ROOT)}: a query belongs into the room of its subject"


def test_no_row_outlived_its_room() -> None:
    names = Counter(path.name for path in modules().values())
    assert not [name for name in ONE_MEANING if names[name] < 2], (
        "ONE_MEANING names what stands once or nowhere"
    )
    for room, row in MAY_IMPORT.items():
        for name in (room, *row.split()):
            assert name.endswith("/*") or name in rooms(), f"MAY_IMPORT names {name}, which does not exist"


def plan() -> Iterator[str]:
    """The plan as a table: rooms with modules; parts (sub-rooms and modules at the door), levels, arrows."""
    yield f"{'room':36}{'modules':>8}{'parts':>8}{'levels':>8}{'arrows':>8}"
    yield _line("whole house, pipeline/ opened", None, parts("", ["pipeline"]))
    for room in sorted(rooms()):
        yield _line(room, len(rooms()[room]) - 1, parts(room))


def _line(title: str, count: int | None, part_of: dict[str, str]) -> str:
    below = arrows(part_of)
    figures = (count, len(below), max(levels(below).values()), sum(map(len, below.values())))
    return f"{title:36}" + "".join(f"{'' if figure is None else figure:>8}" for figure in figures)


if __name__ == "__main__":
    print("\n".join(plan()))
