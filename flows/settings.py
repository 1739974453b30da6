"""Settings: one typed place for what the machine or the user decides, by option, environment or default.

Every setting is an environment variable ``KHETCHECK_…`` (docs/cli.md lists them; a test holds the two together). An
option on the command line wins over the environment.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableSettings

from pipeline.intake.kept_at import KeptAt
from pipeline.reading.limits import DEFAULT_LIMITS, Limits
from rubric.exceptions import SettingsError
from rubric.language import Bilingual

ADDRESS = "KHETCHECK_INBOX_ADDRESS"
"""Here a run hands an address with its user part on to the flow, whose parameters Prefect shows."""


class Settings(BaseSettings):
    """What can be set.

    Attributes:
        home: folder of the embedded database, the files, OCR results, models and the orchestrator's own data.
        store: address of another database; empty for the embedded one in ``home``.
        files: another place of files, any fsspec URL; empty for ``home``.
        files_options: what that place is opened with, each by ``KHETCHECK_FILES_OPTIONS__NAME``: keys and passwords.
        sources: file of the sources; empty for ``sources.yaml`` in ``home``.
        lang: language of the interface; by the system's locale where it is not set.
        rubric: id of a bundled rubric, or the path of a rubric file.
        model: id or folder of the model; empty for the one in use.
        workers: number of worker processes; 0 for one per processor.
        ocr: read scanned pages by OCR (needs Tesseract).
        limits: bounds of reading one file, each by ``KHETCHECK_LIMITS__NAME`` (docs/reading.md).
        review_url: address of the review page, to which Prefect's run pages link.
        lease: seconds for which a run's claim on a submission holds without a sign of life.
        renewal: seconds between two signs of life; at most a quarter of the lease.
        runner: who carries out the tasks of ``screen``: empty for this machine, or ``dask://host:port``.
        flow_url: address of Prefect's own pages, to which the review page links each batch's run.
        letter_template: Word file of the office that runs this, on which letters are set; empty for the built-in paper.
        log: ``json`` writes all messages as JSON, a line each (:mod:`flows.machine_logs.json_lines`).
        inbox_roots: folders, with commas, from which rounds may be started on the review page; with all below them.
        upload_mib: how much may be sent through the review page in one round.
        trusted_proxies: addresses of proxies before the review page whose ``X-Forwarded-For`` is believed.
    """

    model_config = SettingsConfigDict(
        env_prefix="KHETCHECK_", env_nested_delimiter="__", frozen=True, extra="ignore"
    )

    home: Path = Field(default_factory=lambda: Path.home() / ".khetcheck")
    store: str = ""
    files: str = ""
    files_options: dict[str, Any] = Field(default_factory=dict, repr=False)
    sources: str = ""
    lang: Literal["th", "en"] | None = None
    rubric: str = "esa-2560-1.1"
    model: str = ""
    workers: int = Field(default=0, ge=0, le=256)
    ocr: bool = True
    limits: Limits = DEFAULT_LIMITS
    letter_template: str = ""
    review_url: str = ""
    flow_url: str = ""
    runner: str = ""
    lease: float = Field(default=600.0, gt=0)
    renewal: float = Field(default=120.0, gt=0)
    inbox_roots: str = ""
    upload_mib: int = Field(default=4096, ge=1)
    trusted_proxies: str = ""
    log: Literal["", "json"] = ""

    @field_validator("renewal")
    @classmethod
    def _often_enough(cls, renewal: float, others: ValidationInfo) -> float:
        lease = others.data.get("lease", 600.0)
        if renewal > lease / 4:
            raise ValueError(f"at most a quarter of KHETCHECK_LEASE ({lease:g})")
        return renewal

    @field_validator("runner")
    @classmethod
    def _known(cls, runner: str) -> str:
        if runner and not re.fullmatch(r"dask://[^/\s]+:\d+", runner):
            raise ValueError("write it like dask://host:8786")
        return runner

    @property
    def kept(self) -> KeptAt:
        """Where the files are kept."""
        return KeptAt(self.home, self.files, self.files_options)

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folders from which rounds may be started on the review page."""
        return tuple(Path(one.strip()).expanduser() for one in self.inbox_roots.split(",") if one.strip())

    @property
    def worker_count(self) -> int:
        """The number of worker processes, decided."""
        return self.workers or os.cpu_count() or 1


def load_settings(**options: Any) -> Settings:
    """Return the settings; options that are None leave the environment's word.

    Raises:
        SettingsError: a value is wrong; the message names it.
    """
    given = {key: value for key, value in options.items() if value is not None}
    try:
        settings = Settings(**given)
    except (
        UnreadableSettings
    ) as error:  # a group of values given as one, which is no JSON; it may be a password
        raise SettingsError(
            Bilingual("ค่าตั้ง KHETCHECK_… ตัวหนึ่งไม่ถูกต้อง", f"A setting is wrong: {error}."),
            Bilingual(
                "ตั้งทีละค่า เช่น KHETCHECK_FILES_OPTIONS__KEY",
                "Set one at a time, e.g. KHETCHECK_FILES_OPTIONS__KEY.",
            ),
        ) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = "__".join(map(str, first["loc"]))
        has_option = len(first["loc"]) == 1  # limits are variables only
        thai_option, option = (f"ตัวเลือก --{name} หรือ", f"the option --{name} or ") if has_option else ("", "")
        raise SettingsError(
            Bilingual(
                f"ค่าตั้ง {name} ไม่ถูกต้อง ({first['input']})", f"Setting {name} is wrong ({first['input']})."
            ),
            Bilingual(
                f"แก้{thai_option}ตัวแปร KHETCHECK_{name.upper()}",
                f"Correct {option}the variable KHETCHECK_{name.upper()}: {first['msg']}.",
            ),
        ) from error
    return settings.model_copy(update={"home": settings.home.expanduser().resolve()})
