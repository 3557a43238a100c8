"""A gate before a server: open, or shut so that connections are cut and new ones refused."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress

_HOST = "127.0.0.1"
_BYTES = 65_536
# With this, closing a connection resets it, so that its client learns of it at once.
_RESET = struct.pack("ii", 1, 0)


class Gate:
    """Passes connections on to the port `behind`; a server that dies and comes back is played."""

    def __init__(self, behind: int) -> None:
        """Open the gate at a free port."""
        self._behind = behind
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self.n_cut = 0
        self.port = 0
        self.open()

    def open(self) -> None:
        """Let connections through, at the same port as before."""
        listener = socket.create_server((_HOST, self.port), backlog=128)
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def shut(self) -> None:
        """Cut all connections and refuse new ones."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._listener.close()
        with self._lock:
            connections, self._open = self._open, set()
        self.n_cut += len(connections) // 2
        for connection in connections:
            with suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return  # shut
            try:
                server = socket.create_connection((_HOST, self._behind))
            except OSError:
                client.close()
                continue
            with self._lock:
                self._open |= {client, server}
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while content := source.recv(_BYTES):
                target.sendall(content)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            with self._lock:
                self._open.discard(end)
            end.close()
