"""Where the files are kept, told in a few words that travel to other processes: the home, a folder, or any fsspec URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.intake.files import FileStore, LocalFiles
from pipeline.intake.patience import Pauses


@dataclass(frozen=True, slots=True)
class KeptAt:
    """Where the files are kept; small, because it travels to worker processes.

    Attributes:
        url: any fsspec URL; empty for the home itself.
        options: what the file system is opened with, passwords too: never shown.
    """

    home: Path
    url: str = ""
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def is_remote(self) -> bool:
        """Whether they lie where other machines reach them, with a cache on this one."""
        return "://" in self.url

    @property
    def here(self) -> Path:
        """The folder on this machine: of the files themselves, or of the cache of those that lie elsewhere."""
        if self.url and not self.is_remote:
            return Path(self.url).expanduser().absolute()
        return self.home / "files"

    def open(self, pauses: Pauses | None = None) -> FileStore:
        """Return the store of files; a remote one is reached when it is first needed.

        Args:
            pauses: how patient it is with a place that does not answer; None for the usual patience.
        """
        if not self.is_remote:
            return LocalFiles(self.here)
        from pipeline.intake.remote_files import RemoteFiles  # fsspec is slow to import, and seldom needed

        return RemoteFiles(self.url, self.here, self.options, pauses)
