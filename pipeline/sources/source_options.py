"""From what a person sets (user, password, token) to what each kind of file system is opened with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.intake.reach import basic_login
from pipeline.secrecy import withhold
from pipeline.sources.source import SECRET_NAMES, Source


def options_of(source: Source, secrets: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the source's file system is opened with, its secrets withheld from all texts from now on."""
    withhold(_secret_words(secrets))
    kind = source.kind
    if kind == "manifest":
        kind = (
            "http" if source.base.startswith("http") else "sftp" if source.base.startswith("sftp") else "s3"
        )
    options = {**source.options, **secrets}
    if kind == "http":
        return _web(options)
    if kind == "sftp":
        return _sftp(options, source.known_hosts)
    return options


def _secret_words(secrets: Mapping[str, Any]) -> list[str]:
    words = []
    for name, value in secrets.items():
        if isinstance(value, Mapping):
            words += [str(inner) for inner in value.values()]
        elif SECRET_NAMES.search(name):
            words.append(str(value))
    return words


def _web(options: dict[str, Any]) -> dict[str, Any]:
    user, password = options.pop("username", ""), options.pop("password", "")
    token = options.pop("token", "")
    headers = dict(options.pop("headers", {}))
    if user or password:
        headers |= basic_login(str(user), str(password))
        withhold([headers["Authorization"].partition(" ")[2]])
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return {**options, **({"client_kwargs": {"headers": headers}} if headers else {})}


def _sftp(options: dict[str, Any], known_hosts: Path | None) -> dict[str, Any]:
    if "password" in options and "key_filename" not in options:
        options |= {"look_for_keys": False, "allow_agent": False}
    if "port" in options:
        options["port"] = int(options["port"])
    return {**options, **({"host_key_policy": _only(known_hosts)} if known_hosts else {})}


def _only(known_hosts: Path) -> Any:
    """Return paramiko's word for: no host but those in this file."""
    try:
        import paramiko
    except ImportError:  # told when the source is reached
        return None

    class Only(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
        def missing_host_key(self, client: Any, hostname: str, key: Any) -> None:
            if not paramiko.HostKeys(str(known_hosts)).check(hostname, key):
                raise paramiko.SSHException(f"the host key of {hostname} is not in {known_hosts}")

    return Only()
