"""Every error khetcheck raises on purpose, in one place, so that no cause is told two ways.

::

    KhetcheckError                 what happened, what the user can do, in Thai and English; an exit status
    ├── UserError                  the request cannot be carried out as given (exit status 2)
    │   ├── RubricError            a rubric or lexicon file is wrong: file, line, remedy
    │   ├── InboxError             the inbox cannot be reached or is not an inbox
    │   │   └── InboxTimedOut      it gave no answer for too long
    │   ├── SettingsError          a setting or an option is wrong
    │   ├── StoreError             the database cannot be opened or is of another version
    │   │   └── StoreUnavailable   it does not answer, or cannot be written (exit status 3)
    │   │       └── StoreInterrupted   it was lost or locked in mid-work; the same again may well go through
    │   ├── ModelError             a model is missing, damaged or made for another rubric
    │   ├── CorpusError            a training or import file is malformed
    │   ├── AccessError            no user, wrong password or role
    │   ├── BackupError            a backup is not whole, or not to be restored here
    │   └── NotFoundError          the named submission, document, model or user does not exist
    ├── MachineError               something that is needed is missing, full or taken (exit status 3)
    │   ├── HomeError              the home cannot be written: rights, a read-only or full disk
    │   ├── FilesError             the place of files does not answer, or holds something else than was put there
    │   │   └── FileDamaged        what it gives for one file is not what was put there
    │   ├── ExtraMissing           an optional package that an address needs is not installed
    │   ├── PortError              the review page's address is taken or not this machine's
    │   ├── ProgramError           an outside program is missing, too old, or failed
    │   └── RunnerError            who is to carry out the work cannot, or another is at it already
    └── DocumentError              one document cannot be read: a stored outcome, never the end of a batch
        ├── EmptyDocument          zero bytes or no content
        ├── EncryptedDocument      protected by a password
        ├── BrokenDocument         damaged beyond repair
        ├── UnsupportedDocument    a kind of file that is not read here
        ├── ConverterMissing       needs a program that is not installed (LibreOffice, Tesseract)
        ├── DocumentTooLarge       over the limits of size, pages, entries or ratio
        ├── DocumentTimedOut       took longer than allowed
        └── DocumentOutOfMemory    needed more memory than allowed

Bad input is not a bug: a ``DocumentError`` is kept as a reason beside the document, and the batch goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rubric.language import Bilingual, Language


class KhetcheckError(Exception):
    """Root of all errors meant for the user.

    Args:
        message: what happened, in both languages.
        remedy: what the user can do about it, in both languages.
    """

    exit_status: ClassVar[int] = 1
    code: ClassVar[str] = "error"

    def __init__(self, message: Bilingual, remedy: Bilingual | None = None) -> None:
        super().__init__(message.en if remedy is None else f"{message.en} {remedy.en}")
        self.message = message
        self.remedy = remedy or Bilingual("", "")

    def __reduce__(self) -> tuple[type[KhetcheckError], tuple[Bilingual, Bilingual]]:
        """Travel between processes whole: exceptions are otherwise rebuilt from their one-line text."""
        return type(self), (self.message, self.remedy)

    def told(self, language: Language) -> str:
        """Return message and remedy as one text in ``language``."""
        return f"{self.message.told(language)} {self.remedy.told(language)}".strip()


class UserError(KhetcheckError):
    """The request cannot be carried out as given."""

    exit_status = 2
    code = "usage"


class RubricError(UserError):
    """A rubric or lexicon file is wrong."""

    code = "rubric"


class InboxError(UserError):
    """The inbox cannot be reached or is not an inbox."""

    code = "inbox"


class InboxTimedOut(InboxError):
    """The inbox, or one folder in it, gave no answer for too long."""

    code = "inbox_timed_out"


class SettingsError(UserError):
    """A setting or an option is wrong."""

    code = "settings"


class StoreError(UserError):
    """The database cannot be opened or is of another version."""

    code = "store"


class StoreUnavailable(StoreError):
    """The database does not answer, or what it lies on cannot be written."""

    exit_status = 3
    code = "store_unavailable"


class StoreInterrupted(StoreUnavailable):
    """The database was lost or locked in mid-work: nothing of that transaction is stored, and it may be tried again."""

    code = "store_interrupted"


class MachineError(KhetcheckError):
    """Something that is needed is missing, full or taken."""

    exit_status = 3
    code = "machine"


class HomeError(MachineError):
    """The home cannot be written: no rights, a read-only disk, or a full one."""

    code = "home"


class FilesError(MachineError):
    """The place of files does not answer, or what it gives is not what was put there."""

    code = "files"


class FileDamaged(FilesError):
    """One file of the place of files is not what was put there; the others may well be."""


class ExtraMissing(MachineError):
    """An optional package is not installed."""

    code = "extra_missing"


class RunnerError(MachineError):
    """Who is to carry out the work (a cluster, a worker, a part of ``up``) cannot; or another is at it already."""

    code = "runner"


class PortError(MachineError):
    """The review page cannot listen where it was told to."""

    code = "port"


class ProgramError(MachineError):
    """An outside program that is needed is missing, too old, or did not do its work."""

    code = "program"


class ModelError(UserError):
    """A model is missing, damaged or made for another rubric."""

    code = "model"


class CorpusError(UserError):
    """A training or import file is malformed."""

    code = "corpus"


class AccessError(UserError):
    """No such user, wrong password, or a role that may not do this."""

    code = "access"


class BackupError(UserError):
    """A backup that is not whole or of another make, or a place that must not be written over."""

    code = "backup"


class NotFoundError(UserError):
    """The named submission, document, model or user does not exist."""

    code = "not_found"


class DocumentError(KhetcheckError):
    """One document cannot be read; kept as its outcome.

    Args:
        message, remedy: as for :class:`KhetcheckError`.
        details: what the wording is filled with, so that it can be worded anew from the code alone.
    """

    code = "unreadable"

    def __init__(
        self,
        message: Bilingual,
        remedy: Bilingual | None = None,
        details: Mapping[str, str | int] | None = None,
    ) -> None:
        super().__init__(message, remedy)
        self.details = dict(details or {})


class EmptyDocument(DocumentError):
    """Zero bytes, or nothing in it."""

    code = "empty"


class EncryptedDocument(DocumentError):
    """Protected by a password."""

    code = "encrypted"


class BrokenDocument(DocumentError):
    """Damaged beyond repair."""

    code = "broken"


class UnsupportedDocument(DocumentError):
    """A kind of file that is not read here."""

    code = "unsupported"


class ConverterMissing(DocumentError):
    """Needs a program that is not installed."""

    code = "converter_missing"


class DocumentTooLarge(DocumentError):
    """Over the limits of size, pages, entries or ratio."""

    code = "too_large"


class DocumentTimedOut(DocumentError):
    """Took longer than allowed."""

    code = "timed_out"


class DocumentOutOfMemory(DocumentError):
    """Needed more memory than allowed."""

    code = "out_of_memory"
