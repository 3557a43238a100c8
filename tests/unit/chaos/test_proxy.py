import socket
import threading
from contextlib import suppress

import pytest

from tests.chaos.proxy import Gate


@pytest.fixture
def echo():
    """Start a server that sends back what it gets; return its port."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer(connection):
        with connection:
            while content := connection.recv(1_024):
                connection.sendall(content)

    def serve():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield server.getsockname()[1]
    server.shutdown(socket.SHUT_RDWR)
    server.close()


@pytest.fixture
def gate(echo):
    gate = Gate(echo)
    yield gate
    gate.shut()


def connect(gate):
    return socket.create_connection(("127.0.0.1", gate.port), timeout=30)


def ask(connection):
    connection.sendall(b"are you there?")
    return connection.recv(1_024)


def test_what_is_said_passes_both_ways(gate):
    with connect(gate) as connection:
        assert ask(connection) == b"are you there?"


def test_shut_it_cuts_what_is_open_and_refuses_what_is_new(gate):
    with connect(gate) as connection:
        ask(connection)
        gate.shut()
        assert gate.n_cut == 1
        with suppress(OSError):  # where it is reset rather than ended
            assert ask(connection) == b""
    with pytest.raises(ConnectionRefusedError):
        connect(gate)


def test_opened_again_it_is_at_the_same_port(gate):
    port = gate.port
    gate.shut()
    gate.open()
    assert gate.port == port
    with connect(gate) as connection:
        assert ask(connection) == b"are you there?"
