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
from contextlib import suppress
from pathlib import Path

from pipeline.reading import detect
from pipeline.reading.detect import Kind
from pipeline.reading.limits import Limits
from pipeline.reading.outcomes import error

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
IN_FILTERS: dict[Kind, str] = {"rtf": "Rich Text Format", "doc": "MS Word 97", "odt": "writer8"}
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
PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    + "".join(_ITEM.format(path=path, name=name, value=value) for path, name, value in _FORBIDDEN)
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
        _run(_command(program, kind, target, Path(room), source, out), Path(room), limits)
        made = out / f"source.{target}"
        if not made.is_file() or made.stat().st_size == 0:
            raise error("conversion_failed")
        return made.rename(into / f"converted.{target}")


def _command(program: str, kind: Kind, target: Kind, room: Path, source: Path, out: Path) -> list[str]:
    profile = room / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(PROFILE, "utf-8")
    reading = [f"--infilter={IN_FILTERS[kind]}"] if kind in IN_FILTERS else []
    return [
        program,
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        *reading,
        "--convert-to",
        FILTERS[target],
        "--outdir",
        str(out),
        str(source),
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
