"""LibreOffice, wrapped: turns the formats that are not read here into one that is, or into pages to look at.

Each run has a user profile of its own, so that runs at the same time do not block each other and nothing of one
document stays for the next; the profile forbids macros, links to outside and remote content. A run that takes too
long is killed with its process group.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape

from pipeline.reading import detect
from pipeline.reading.detect import Kind
from pipeline.reading.limits import Limits
from pipeline.reading.outcomes import error
from rubric.exceptions import DocumentTimedOut

PROGRAM = "LibreOffice"
NAMES = ("soffice", "libreoffice")
PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
FILTERS: dict[Kind, str] = {
    "docx": "docx:MS Word 2007 XML",
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
    "pdf": "pdf",
}
IN_FILTERS: dict[Kind | Literal["html"], str] = {
    "rtf": "Rich Text Format",
    "doc": "MS Word 97",
    "odt": "writer8",
    "html": "HTML (StarWriter)",
}
PASSED_ON = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")

_ITEM = (
    '<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse">'
    "<value>{value}</value></prop></item>"
)
_FORBIDDEN = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Writer/Content/Update", "Link", "0"),
    ("Calc/Content/Update", "Link", "0"),
)
_REPLACED = (
    '<item oor:path="/org.openoffice.Office.Common/Font/Substitution/FontPairs"><node oor:name="_{at}" oor:op="replace">'
    '<prop oor:name="ReplaceFont"><value>{old}</value></prop><prop oor:name="SubstituteFont"><value>{new}</value></prop>'
    '<prop oor:name="Always"><value>true</value></prop><prop oor:name="OnScreenOnly"><value>false</value></prop></node></item>'
)
AT_ONCE = 40
"""Files that one run converts at most: more would gain nothing, and a run that hangs costs its files a second try."""
SECONDS_EACH = 4.0


def profile(fonts: Mapping[str, str] | None = None) -> str:
    """Return a user profile that forbids what a document might start, and shows ``fonts`` by others that are there."""
    items = [_ITEM.format(path=path, name=name, value=value) for path, name, value in _FORBIDDEN]
    if fonts:
        items.append(_ITEM.format(path="Common/Font/Substitution", name="Replacement", value="true"))
        pairs = [(escape(old), escape(new)) for old, new in fonts.items()]
        items += [_REPLACED.format(at=at, old=old, new=new) for at, (old, new) in enumerate(pairs)]
    return (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        + "".join(items)
        + "</oor:items>"
    )


def target_of(kind: Kind) -> Kind | None:
    """Return the kind that ``kind`` is converted to for reading; None where it is read as it is.

    Raises:
        EncryptedDocument, EmptyDocument, UnsupportedDocument: there is nothing to convert or read.
    """
    if kind in detect.VIA_DOCX:
        return "docx"
    if kind in detect.VIA_XLSX:
        return "xlsx"
    if kind in detect.VIA_PDF:
        return "pdf"
    if kind in ("encrypted", "empty"):
        raise error(kind)
    if kind in ("unknown", "zip"):
        raise error("unsupported", {"kind": kind})
    return None


def find_program() -> str | None:
    """Return the path of LibreOffice's program, None where it is not installed."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or next((place for place in PLACES if Path(place).is_file()), None)


def as_pdf(path: Path, into: Path, *, limits: Limits) -> Path:
    """Make a PDF of an Office document for looking at; its pages may break elsewhere than in Word.

    Returns:
        The PDF in ``into``.

    Raises:
        ConverterMissing, DocumentTimedOut, BrokenDocument: there will be no page view of this document.
    """
    return convert(path, detect.detect(path), "pdf", into, limits)


def convert(path: Path, kind: Kind, target: Kind, into: Path, limits: Limits) -> Path:
    """Convert ``path``, whose content is of ``kind``, to ``target``; return the new file in ``into``.

    Raises:
        ConverterMissing: LibreOffice is not installed.
        DocumentTimedOut: it took longer than ``limits.converter_seconds``.
        BrokenDocument: it made nothing of the file.
    """
    program = find_program()
    if program is None:
        raise error("converter_missing", {"program": PROGRAM})
    with tempfile.TemporaryDirectory(prefix="office-", dir=into) as room:
        source = (
            Path(room) / f"source.{kind}"
        )  # the right extension guides LibreOffice, whatever the file's name was
        shutil.copyfile(path, source)
        out = Path(room) / "out"
        _run(_command(program, kind, target, Path(room), [source], out), Path(room), limits)
        made = out / f"source.{target}"
        if not made.is_file() or made.stat().st_size == 0:
            raise error("conversion_failed")
        return made.rename(into / f"converted.{target}")


def many_as_pdf(
    paths: Sequence[Path],
    into: Path,
    *,
    limits: Limits,
    fonts: Mapping[str, str] | None = None,
) -> Iterator[tuple[Path, Path | None]]:
    """Make PDFs of Word files of our own, many in one run, and give each with its PDF as a run ends.

    A run that hangs or breaks keeps what it has made; what is missing gets a run of its own, and is given with None where that
    fails too.

    Args:
        into: an empty folder for the PDFs.
        fonts: fonts of the files that are to be shown by others.

    Raises:
        ConverterMissing: LibreOffice is not installed.
    """
    for start in range(0, len(paths), AT_ONCE):
        lot = paths[start : start + AT_ONCE]
        made = _pdfs(lot, into, limits, fonts, start)
        for at, path in enumerate(lot):
            if path not in made and len(lot) > 1:
                made |= _pdfs([path], into, limits, fonts, start + at)
            yield path, made.get(path)


def page_as_pdf(page: Path, into: Path, *, limits: Limits, fonts: Mapping[str, str] | None = None) -> Path:
    """Make a PDF of a web page of our own, which holds its pictures within itself; returns the file in ``into``.

    Raises:
        ConverterMissing, DocumentTimedOut, BrokenDocument: there will be no PDF of it.
    """
    program = find_program()
    if program is None:
        raise error("converter_missing", {"program": PROGRAM})
    with tempfile.TemporaryDirectory(prefix="office-", dir=into) as folder:
        room, out = Path(folder), Path(folder) / "out"
        command = _command(program, "html", "pdf", room, [page], out, fonts)
        command[command.index(FILTERS["pdf"])] = "pdf:writer_pdf_Export"
        _run(command, room, limits)
        made = out / f"{page.stem}.pdf"
        if not made.is_file():
            raise error("conversion_failed")
        return made.rename(into / made.name)


def _pdfs(
    paths: Sequence[Path], into: Path, limits: Limits, fonts: Mapping[str, str] | None, start: int
) -> dict[Path, Path]:
    """Convert some files in one run; returns those that it made."""
    program = find_program()
    if program is None:
        raise error("converter_missing", {"program": PROGRAM})
    with tempfile.TemporaryDirectory(prefix="office-", dir=into) as folder:
        room, out = Path(folder), Path(folder) / "out"
        sources = [room / f"{start + at}.docx" for at in range(len(paths))]
        for path, source in zip(paths, sources, strict=True):
            shutil.copyfile(path, source)
        command = _command(program, "docx", "pdf", room, sources, out, fonts)
        seconds = limits.converter_seconds + SECONDS_EACH * (len(paths) - 1)
        with suppress(DocumentTimedOut):
            _run(command, room, replace(limits, converter_seconds=seconds))
        found = {}
        for path, source in zip(paths, sources, strict=True):
            pdf = out / f"{source.stem}.pdf"
            if pdf.is_file() and b"%%EOF" in pdf.read_bytes()[-1024:]:
                found[path] = pdf.rename(into / pdf.name)
        return found


def _command(
    program: str,
    kind: Kind | Literal["html"],
    target: Kind,
    room: Path,
    sources: Sequence[Path],
    out: Path,
    fonts: Mapping[str, str] | None = None,
) -> list[str]:
    place = room / "profile"
    (place / "user").mkdir(parents=True)
    (place / "user" / "registrymodifications.xcu").write_text(profile(fonts), "utf-8")
    reading = [f"--infilter={IN_FILTERS[kind]}"] if kind in IN_FILTERS else []
    return [
        program,
        f"-env:UserInstallation={place.as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        *reading,
        "--convert-to",
        FILTERS[target],
        "--outdir",
        str(out),
        *map(str, sources),
    ]


def _run(command: list[str], room: Path, limits: Limits) -> None:
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    with subprocess.Popen(
        _watched(command, limits),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=room,
        env=environment | {"HOME": str(room), "SAL_USE_VCLPLUGIN": "svp"},
        start_new_session=True,
    ) as process:
        try:
            process.wait(limits.converter_seconds)
        except subprocess.TimeoutExpired:
            raise error("timed_out") from None
        finally:
            _kill(process)


def _watched(command: list[str], limits: Limits) -> list[str]:
    """Return the command under limits of memory, CPU and written files, and ended with this process, also when it is killed.

    A shell holds the other end of a pipe to us; where that closes, it ends the whole process group. The limits are set
    before the program starts; a system that does not know one goes on without it.
    """
    if sys.platform == "win32":
        return command
    bounds = {
        "v": limits.converter_memory_bytes // 1024,
        "f": limits.converter_written_bytes // 512,
        "t": int(2 * limits.converter_seconds) + 1,
    }
    limited = "; ".join(f"ulimit -{letter} {value} 2>/dev/null" for letter, value in bounds.items())
    script = f'{limited}; exec 3<&0; (read -r _ <&3; kill -KILL 0) & "$@" </dev/null 3<&-'
    return ["/bin/sh", "-c", script, "sh", *command]


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill LibreOffice and all it started; harmless when it has ended."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
