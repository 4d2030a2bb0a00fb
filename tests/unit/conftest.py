"""Unit tests speak to nothing: no database, no server, no network."""

import socket
from typing import NoReturn

import pytest


@pytest.fixture(autouse=True)
def _no_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_socket: socket.socket, address: object) -> NoReturn:
        raise AssertionError(f"a unit test tried to connect to {address}; tests that need a server are not unit tests")

    monkeypatch.setattr(socket.socket, "connect", refuse)
