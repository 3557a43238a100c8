"""Which network addresses may be connected to, and the connection to one that was checked.

A name is resolved once, every address that it has is checked, and the connection goes to one of
the checked addresses: a name that changes its address between check and connection (DNS
rebinding) gains nothing, nor do redirects, odd spellings of numbers or IPv6 forms of IPv4.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final, TypeAlias

from include.eventwire.fetching.errors import FetchError

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network
Resolver: TypeAlias = Callable[[str, int], Sequence[tuple[int, int, int, str, tuple[Any, ...]]]]

# Blocks of the IANA registries of special-purpose addresses, and multicast. They stand here
# rather than in `ipaddress.is_global`, whose answers differ between releases of Python.
_NOT_PUBLIC_4: Final = tuple(
    ip_network(block)
    for block in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24"),
        *("192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
)
# Only this block of IPv6 is handed out for use on the internet: forms that carry an IPv4 address
# (::ffff:0:0/96, 64:ff9b::/96 and the like) lie outside.
_PUBLIC_6: Final = ip_network("2000::/3")
_NOT_PUBLIC_6: Final = tuple(
    ip_network(block)
    for block in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
# What a source that is marked local may use besides.
_LOCAL: Final = tuple(
    ip_network(block)
    for block in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
        *("::1/128", "fc00::/7"),
    )
)
# There clouds hand out the credentials of a machine: never, not even for a local source.
_NEVER: Final = frozenset(map(ip_address, ("100.100.100.200", "fd00:ec2::254")))


def is_public(address: Address) -> bool:
    """Return whether `address` is one of the public internet."""
    if isinstance(address, IPv4Address):
        return not _is_within(address, _NOT_PUBLIC_4)
    return address in _PUBLIC_6 and not _is_within(address, _NOT_PUBLIC_6)


def is_local(address: Address) -> bool:
    """Return whether `address` is a private one that a local source may use."""
    return _is_within(address, _LOCAL) and address not in _NEVER


def _is_within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


@dataclass(frozen=True, slots=True)
class Guard:
    """Decides where the requests of one source may go.

    Attributes:
        allow_local: Whether private addresses are allowed, as for a source marked local.
        named_hosts: Hosts with ports that the source itself names: a port other than 80 and 443
            is allowed there only. A local source may use any port.
        resolve: Resolver of names; `socket.getaddrinfo` unless a test brings its own.
        connect: Connects a socket to a checked address, likewise.
    """

    allow_local: bool = False
    named_hosts: frozenset[tuple[str, int]] = frozenset()
    resolve: Resolver | None = None
    connect: Callable[[socket.socket, tuple[Any, ...]], None] = socket.socket.connect

    def check_port(self, host: str, port: int) -> None:
        """Raise a FetchError unless `port` of `host` may be used."""
        if port in (80, 443) or self.allow_local or (host, port) in self.named_hosts:
            return
        raise FetchError(
            "refused_address", f"port {port} of {host} is neither 80 nor 443, nor named in a feed"
        )

    def open_socket(self, host: str, port: int, seconds: float) -> socket.socket:
        """Return a socket that is connected to an address of `host` that was checked.

        Args:
            host: Name or address, as it stands in the URL.
            port: Port.
            seconds: Longest wait for each address.

        Raises:
            FetchError: An address of the host is refused (none is then connected to), or it has
                none, or none answers.
        """
        failure: OSError | None = None
        for family, kind, protocol, _, place in self._checked_addresses(host, port):
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(seconds)
                self.connect(sock, place)
            except OSError as error:
                sock.close()
                failure = error
            else:
                return sock
        reason = "timeout" if isinstance(failure, TimeoutError) else "no_connection"
        raise FetchError(reason, f"{host} port {port}: {failure or 'it has no address'}")

    def _checked_addresses(
        self, host: str, port: int
    ) -> Sequence[tuple[int, int, int, str, tuple[Any, ...]]]:
        try:
            found = (self.resolve or _resolve)(host, port)
        except (OSError, UnicodeError) as error:
            raise FetchError("no_connection", f"{host} has no address: {error}") from error
        for _, _, _, _, place in found:
            self._check_address(host, str(place[0]))
        return found

    def _check_address(self, host: str, written: str) -> None:
        address = ip_address(written.partition("%")[0])
        if is_public(address) or (self.allow_local and is_local(address)):
            return
        remedy = (
            "which no source may use"
            if self.allow_local or not is_local(address)
            else "which only a source with 'local = true' may use"
        )
        raise FetchError("refused_address", f"{host} has the address {address}, {remedy}")


def _resolve(host: str, port: int) -> Sequence[tuple[int, int, int, str, tuple[Any, ...]]]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
