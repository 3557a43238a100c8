import socket
from ipaddress import ip_address

import pytest

from include.eventwire.fetching.errors import FetchError
from include.eventwire.fetching.guard import Guard, is_local, is_public


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "93.184.216.34",
        "172.15.255.255",  # just before 172.16.0.0/12
        "172.32.0.0",  # just after it
        "100.63.255.255",  # just before the block of carriers
        "100.128.0.0",
        "2606:2800:220:1:248:1893:25c8:1946",
        "2a00:1450:4001:81b::200e",
    ],
)
def test_addresses_of_the_internet_are_public(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",  # carrier-grade NAT
        "100.127.255.254",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.169.254",  # credentials of machines in clouds
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.168.1.1",
        "192.88.99.1",  # relay of 6to4
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",  # NAT64
        "64:ff9b:1::1",
        "100::1",
        "2001::1",  # Teredo
        "2001:db8::1",
        "2002:7f00:1::1",  # 6to4 of 127.0.0.1
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_all_others_are_not(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "172.20.0.1", "192.168.1.1", "::1", "fd12::1"]
)
def test_a_local_source_may_use_private_addresses(address):
    assert is_local(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        *("169.254.169.254", "100.100.100.200", "fd00:ec2::254", "fe80::1", "224.0.0.1"),
        *("0.0.0.0", "::", "::ffff:127.0.0.1", "64:ff9b::7f00:1"),
    ],
)
def test_not_even_a_local_source_may_use_these(address):
    assert not is_local(ip_address(address))


def answer(*addresses):
    """Return a resolver that knows these addresses."""
    return lambda host, port: [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses
    ]


def refuse_to_connect(sock, place):
    raise AssertionError(f"connects to {place}")


def test_one_private_address_of_a_name_is_enough_to_refuse_it():
    guard = Guard(resolve=answer("93.184.216.34", "10.0.0.1"), connect=refuse_to_connect)
    with pytest.raises(FetchError, match=r"mixed\.example has the address 10\.0\.0\.1") as caught:
        guard.open_socket("mixed.example", 80, 1)
    assert caught.value.reason == "refused_address"
    assert "local = true" in caught.value.detail


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f.0.0.1", "017700000001", "localhost", "::1"]
)
def test_every_spelling_of_this_machine_is_refused(host):
    with pytest.raises(FetchError, match="refused_address"):
        Guard(connect=refuse_to_connect).open_socket(host, 80, 1)


def test_the_next_address_is_tried_when_one_does_not_answer():
    tried = []

    def connect(sock, place):
        tried.append(place)
        if len(tried) == 1:
            raise ConnectionRefusedError("nobody there")

    guard = Guard(resolve=answer("93.184.216.34", "93.184.216.35"), connect=connect)
    guard.open_socket("two.example", 443, 1).close()
    assert tried == [("93.184.216.34", 443), ("93.184.216.35", 443)]


def test_no_address_is_told():
    def resolve(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchError, match=r"no_connection: absent\.example has no address"):
        Guard(resolve=resolve).open_socket("absent.example", 80, 1)
    with pytest.raises(FetchError, match="no_connection"):
        Guard(resolve=answer()).open_socket("empty.example", 80, 1)


def test_a_scope_does_not_hide_an_address():
    guard = Guard(resolve=answer("fe80::1%eth0"), connect=refuse_to_connect)
    with pytest.raises(FetchError, match="refused_address"):
        guard.open_socket("scoped.example", 80, 1)


@pytest.mark.parametrize(
    ("port", "named", "local", "is_allowed"),
    [
        (80, False, False, True),
        (443, False, False, True),
        (8080, False, False, False),
        (22, False, False, False),
        (8080, True, False, True),
        (8080, False, True, True),
    ],
)
def test_other_ports_only_where_the_source_names_them(port, named, local, is_allowed):
    hosts = frozenset({("news.example", port)}) if named else frozenset()
    guard = Guard(allow_local=local, named_hosts=hosts)
    if is_allowed:
        guard.check_port("news.example", port)
    else:
        with pytest.raises(FetchError, match="neither 80 nor 443"):
            guard.check_port("news.example", port)
    if named:
        with pytest.raises(FetchError):
            guard.check_port("other.example", port)
