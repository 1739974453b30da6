"""A source as ``sources.yaml`` describes it, checked before anything is reached; it holds no password, and may not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.intake.plain_yaml import Malformed, load
from pipeline.secrecy import holds_secret
from rubric.exceptions import NotFoundError, SettingsError
from rubric.language import Bilingual

Kind = Literal["folder", "s3", "sftp", "http", "manifest"]
SCHEMES: Mapping[str, tuple[str, ...]] = {
    "s3": ("s3://",),
    "sftp": ("sftp://",),
    "http": ("http://", "https://"),
}
NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
SECRET_NAMES = re.compile(r"passw|passphrase|secret|token|^key$|credential|authorization", re.IGNORECASE)
LARGEST = 1 << 20


class Source(BaseModel):
    """One source.

    Attributes:
        path: the folder, or the manifest's file. url: the address of a remote folder.
        base: below this address a manifest's links are opened with the source's password; no other link is.
        done, failed: where a watched folder's submissions go once they were screened.
        steady_seconds: for so long nothing may have changed in a submission before it is taken.
        broken_seconds: after so long without a change a file that cannot be opened as its kind is taken all the same.
        bytes_per_second, requests_per_second: 0 for no limit.
        tries: how often what fails for a moment is tried.
        quiet_seconds: how long the source may keep silent.
        options: what the file system is opened with, beside passwords.
        known_hosts: OpenSSH's file of host keys; any other host is refused then.
        prefect_secret: name of a Prefect secret block that holds user and password.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: Kind
    path: Path | None = None
    url: str = ""
    base: str = ""
    done: Path | None = None
    failed: Path | None = None
    steady_seconds: float = Field(default=10.0, ge=0, le=3600)
    broken_seconds: float = Field(default=300.0, ge=0, le=86400)
    bytes_per_second: float = Field(default=0.0, ge=0)
    requests_per_second: float = Field(default=0.0, ge=0)
    tries: int = Field(default=5, ge=1, le=50)
    quiet_seconds: float = Field(default=120.0, gt=0, le=3600)
    options: dict[str, Any] = Field(default_factory=dict)
    known_hosts: Path | None = None
    prefect_secret: str = ""

    @property
    def address(self) -> str:
        """Where it is, for people."""
        return self.url or str(self.path)

    @property
    def variable(self) -> str:
        """What the names of its secrets in the environment begin with."""
        return f"KHETCHECK_SOURCE_{self.name.upper().replace('-', '_')}__"

    @model_validator(mode="after")
    def _consistent(self) -> Source:
        local = self.kind in ("folder", "manifest")
        if local and (self.path is None or self.url):
            raise ValueError("needs path, and no url")
        if not local and (self.path is not None or not self.url.startswith(SCHEMES[self.kind])):
            raise ValueError(f"needs url, beginning with {' or '.join(SCHEMES[self.kind])}")
        if holds_secret(self.url) or holds_secret(self.base):
            raise ValueError(
                f"user and password do not belong here: set {self.variable}USERNAME and …PASSWORD"
            )
        for name in self.options:
            if SECRET_NAMES.search(name):
                raise ValueError(f"{name} does not belong here: set {self.variable}{name.upper()}")
        if self.kind != "folder" and (self.done or self.failed):
            raise ValueError("done and failed are for a folder alone")
        for name in ("done", "failed"):
            self._check_apart(name)
        return self

    def _check_apart(self, name: str) -> None:
        folder: Path | None = getattr(self, name)
        if folder is None or self.path is None:
            return
        inside, outside = folder.resolve(), self.path.resolve()
        if inside == outside or outside in inside.parents or inside in outside.parents:
            raise ValueError(
                f"{name} may not lie under path, nor path under {name}: it would be taken in again"
            )


def load_sources(file: Path) -> dict[str, Source]:
    """Read the file of sources; none where there is no file.

    Raises:
        SettingsError: it is malformed; the message names source and key.
    """
    try:
        if file.stat().st_size > LARGEST:
            raise _wrong(file, "", "the file is far too large")
        loaded = load(file.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(file, "", str(error)) from error
    except Malformed as fault:
        raise _wrong(file, "", fault.why.en, fault.why.th) from fault
    value = loaded.value if isinstance(loaded.value, dict) else {}
    told = value.get("sources", {})
    if loaded.passed_over or set(value) - {"sources"} or not isinstance(told, dict):
        why = loaded.passed_over[0].en if loaded.passed_over else "it must hold one key, sources"
        raise _wrong(file, "", why)
    return {name: _source(file, name, one) for name, one in told.items()}


def find_source(sources: Mapping[str, Source], name: str, file: Path) -> Source:
    """Return the source of that name.

    Raises:
        NotFoundError: there is none.
    """
    if name not in sources:
        raise NotFoundError(
            Bilingual(f"ไม่มีแหล่งเอกสารชื่อ {name} ใน {file}", f"There is no source {name} in {file}."),
            Bilingual("ดูรายชื่อด้วย khetcheck sources list", "See them with: khetcheck sources list."),
        )
    return sources[name]


def _source(file: Path, name: str, told: Any) -> Source:
    if not NAME.fullmatch(name):
        raise _wrong(file, name, "a name consists of small letters, digits and hyphens")
    if not isinstance(told, dict):
        raise _wrong(file, name, "it must hold keys with values")
    folder = file.parent
    given = {key: _absolute(folder, value) if key in PATHS else value for key, value in told.items()}
    try:
        return Source(name=name, **given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(map(str, first["loc"]))
        raise _wrong(
            file, name, f"{key + ': ' if key else ''}{first['msg'].removeprefix('Value error, ')}"
        ) from None
    except TypeError:
        raise _wrong(file, name, "name cannot be set") from None


PATHS = ("path", "done", "failed", "known_hosts")


def _absolute(folder: Path, value: Any) -> Any:
    """A path is meant from the file's own folder."""
    return folder / Path(value).expanduser() if isinstance(value, str) and value else value


def _wrong(file: Path, name: str, why: str, why_th: str = "") -> SettingsError:
    where, where_th = (f", source {name}", f" แหล่ง {name}") if name else ("", "")
    return SettingsError(
        Bilingual(f"{file}{where_th} ไม่ถูกต้อง: {why_th or why}", f"{file}{where} is wrong: {why}."),
        Bilingual("แก้ไขไฟล์นั้น ดูตัวอย่างใน docs/sources.md", "Correct it; docs/sources.md has an example."),
    )
