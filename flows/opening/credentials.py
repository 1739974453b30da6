"""Users and passwords of sources: from the environment, or from a Prefect secret block; never from a file of ours."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flows.opening.prefect_surroundings import has_own_server, prepare_orchestrator
from pipeline.sources.source import Source
from rubric.exceptions import MachineError, SettingsError
from rubric.language import Bilingual


def secrets_of(source: Source, home: Path) -> dict[str, Any]:
    """Return what opens a source; the environment's word wins over the block's.

    Raises:
        SettingsError, MachineError: the block that the source names cannot be had.
    """
    block = _from_prefect(source, home) if source.prefect_secret else {}
    return {**block, **from_environment(source, os.environ)}


def from_environment(source: Source, environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the variables of a source: ``KHETCHECK_SOURCE_CLOUD__CLIENT_KWARGS__REGION_NAME`` is a value in a group."""
    found: dict[str, Any] = {}
    for name, value in sorted(environment.items()):
        if not name.upper().startswith(source.variable) or not value:
            continue
        *groups, last = name.upper().removeprefix(source.variable).lower().split("__")
        place = found
        for group in groups:
            place = place.setdefault(group, {})
            if not isinstance(place, dict):
                break
        else:
            place[last] = value
    return found


def _from_prefect(source: Source, home: Path) -> dict[str, Any]:
    if not has_own_server():
        raise SettingsError(
            Bilingual(
                f"แหล่ง {source.name} ใช้ความลับที่เก็บใน Prefect แต่ไม่ได้ตั้ง PREFECT_API_URL",
                f"The source {source.name} names a secret that Prefect keeps, and PREFECT_API_URL is not set.",
            ),
            Bilingual(
                f"ตั้ง PREFECT_API_URL หรือใช้ตัวแปร {source.variable}PASSWORD",
                f"Set PREFECT_API_URL, or use the variable {source.variable}PASSWORD.",
            ),
        )
    prepare_orchestrator(home)
    from prefect.blocks.system import Secret

    try:
        block: Any = Secret.load(source.prefect_secret)
        value = block.get()
    except Exception as error:  # Prefect raises what it likes, also for a block that does not exist
        raise MachineError(
            Bilingual(
                f"อ่านความลับ {source.prefect_secret} จาก Prefect ไม่ได้ ({type(error).__name__})",
                f"The secret {source.prefect_secret} cannot be had from Prefect ({type(error).__name__}).",
            ),
            Bilingual("ตรวจสอบชื่อในหน้า Blocks ของ Prefect", "See its name on Prefect's page Blocks."),
        ) from None
    return _told(value)


def _told(value: Any) -> dict[str, Any]:
    """A block holds one password, or a map as JSON."""
    if isinstance(value, Mapping):
        return {str(name).lower(): one for name, one in value.items()}
    try:
        loaded = json.loads(str(value))
    except ValueError:
        return {"password": str(value)}
    return (
        {str(name).lower(): one for name, one in loaded.items()}
        if isinstance(loaded, dict)
        else {"password": str(value)}
    )
