"""An SFTP server over a folder (paramiko), with a password and faults."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import paramiko
from paramiko import SFTP_FAILURE, SFTPAttributes, SFTPHandle, SFTPServer, SFTPServerInterface

from tests.faulty_servers.faults import Faults, Kind
from tests.faulty_servers.web import PASSWORD, USER, replaced


class SftpServer:
    """Serves a folder until it is stopped.

    Attributes:
        logins: connections that logged in.
    """

    def __init__(self, root: Path, faults: Faults | None = None, port: int = 0) -> None:
        self.root, self.faults = root, faults or Faults()
        self.key = paramiko.ECDSAKey.generate()
        self.logins = 0
        self._socket = socket.create_server(("127.0.0.1", port))
        self._transports: list[paramiko.Transport] = []
        self._stopped = False

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def serve(self) -> None:
        """Accept connections until stopped."""
        while not self._stopped:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            transport.add_server_key(self.key)
            transport.set_subsystem_handler("sftp", SFTPServer, _Files, self, transport)
            self._transports.append(transport)
            with contextlib.suppress(Exception):  # a client that went away at once
                transport.start_server(server=_Door(self), event=threading.Event())

    def stop(self) -> None:
        """End it with all connections."""
        self._stopped = True
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for transport in self._transports:
            transport.close()


class _Door(paramiko.ServerInterface):
    def __init__(self, server: SftpServer) -> None:
        self._server = server

    def check_auth_password(self, username: str, password: str) -> int:
        if (username, password) != (USER, PASSWORD):
            return paramiko.AUTH_FAILED
        self._server.logins += 1
        return paramiko.AUTH_SUCCESSFUL

    def get_allowed_auths(self, username: str) -> str:
        return "password"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return (
            paramiko.OPEN_SUCCEEDED if kind == "session" else paramiko.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED
        )


class _Files(SFTPServerInterface):
    def __init__(self, server: Any, files: SftpServer, transport: paramiko.Transport) -> None:
        super().__init__(server)
        self._files, self._transport = files, transport

    def _at(self, path: str) -> Path:
        return self._files.root / path.lstrip("/")

    def list_folder(self, path: str) -> Any:
        try:
            return [
                SFTPAttributes.from_stat(entry.lstat(), entry.name)
                for entry in sorted(self._at(path).iterdir())
            ]
        except OSError as error:
            return SFTPServer.convert_errno(error.errno or 0)

    def stat(self, path: str) -> Any:
        try:
            return SFTPAttributes.from_stat(self._at(path).stat())
        except OSError as error:
            return SFTPServer.convert_errno(error.errno or 0)

    lstat = stat

    def open(self, path: str, flags: int, attr: SFTPAttributes) -> Any:
        place = self._at(path)
        if not place.is_file():
            return paramiko.SFTP_NO_SUCH_FILE
        kind = self._files.faults.next(place.name)
        if kind == "refused":
            self._files.faults.note(place.name, kind, 0, place.stat().st_size)
            return SFTP_FAILURE
        return _Open(place, flags, kind, self._files.faults, self._transport)


class _Open(SFTPHandle):
    def __init__(
        self, place: Path, flags: int, kind: Kind, faults: Faults, transport: paramiko.Transport
    ) -> None:
        super().__init__(flags)
        self._place, self._kind, self._faults, self._transport = place, kind, faults, transport
        self._content, self._status, self._sent = place.read_bytes(), place.stat(), 0

    def read(self, offset: int, length: int) -> Any:
        half = len(self._content) // 2
        if offset + length > half and self._faults.replace_now(
            self._place.name, lambda: replaced(self._place, self._content)
        ):
            self._kind = "short"
        if self._kind and offset >= half:
            if self._kind == "reset":
                self._transport.close()
            return paramiko.SFTP_EOF
        end = min(offset + length, half if self._kind else len(self._content))
        if offset >= len(self._content):
            return paramiko.SFTP_EOF
        self._sent += end - offset
        return self._content[offset:end]

    def stat(self) -> Any:
        return SFTPAttributes.from_stat(self._status)

    def close(self) -> None:
        self._faults.note(self._place.name, self._kind, self._sent, len(self._content))
        super().close()


@contextlib.contextmanager
def sftp_server(root: Path, faults: Faults | None = None) -> Iterator[SftpServer]:
    """Run a server in a thread."""
    server = SftpServer(root, faults)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()
