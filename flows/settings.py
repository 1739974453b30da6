"""Settings: one typed place for what the machine or the user decides, by option, environment or default.

Every setting is an environment variable ``KHETCHECK_…`` (docs/cli.md lists them; a test holds the two together). An
option on the command line wins over the environment.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipeline.reading.limits import DEFAULT_LIMITS, Limits
from rubric.exceptions import SettingsError
from rubric.language import Bilingual


class Settings(BaseSettings):
    """What can be set.

    Attributes:
        home: folder of the embedded database, the files, OCR results, models and the orchestrator's own data.
        store: address of another database; empty for the embedded one in ``home``.
        lang: language of the interface; by the system's locale where it is not set.
        rubric: id of a bundled rubric, or the path of a rubric file.
        model: id or folder of the model; empty for the one in use.
        workers: number of worker processes; 0 for one per processor.
        ocr: read scanned pages by OCR (needs Tesseract).
        limits: bounds of reading one file, each by ``KHETCHECK_LIMITS__NAME`` (docs/reading.md).
        review_url: address of the review page, to which Prefect's run pages link.
        flow_url: address of Prefect's own pages, to which the review page links each batch's run.
        trusted_proxies: addresses of proxies before the review page whose ``X-Forwarded-For`` is believed.
    """

    model_config = SettingsConfigDict(
        env_prefix="KHETCHECK_", env_nested_delimiter="__", frozen=True, extra="ignore"
    )

    home: Path = Field(default_factory=lambda: Path.home() / ".khetcheck")
    store: str = ""
    lang: Literal["th", "en"] | None = None
    rubric: str = "esa-2560-1.1"
    model: str = ""
    workers: int = Field(default=0, ge=0, le=256)
    ocr: bool = True
    limits: Limits = DEFAULT_LIMITS
    review_url: str = ""
    flow_url: str = ""
    trusted_proxies: str = ""

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
