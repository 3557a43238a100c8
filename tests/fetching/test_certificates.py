"""Certificates are checked, against the name and not the address that was connected to."""

import socket
import ssl
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from include.eventwire.fetching.errors import SourceFailedError
from tests.fetching.conftest import Handler, Server, Site, public_guard

FEED = ("https://news.example/feed",)


def make_certificate(folder, name):
    """Write a certificate that `name` signed for itself, with its key; return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def certificate(tmp_path):
    return make_certificate(tmp_path, "news.example")


@pytest.fixture
def secure_site(certificate):
    """Start a server that speaks TLS as news.example."""
    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    site = Site(server.server_address[1])
    server.RequestHandlerClass = type("SiteHandler", (Handler,), {"site": site})
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_certificate_that_nobody_vouches_for_is_refused(secure_site, fetch):
    with pytest.raises(SourceFailedError, match="bad_certificate"):
        fetch(local=False, feeds=FEED, guard=public_guard(secure_site))
    assert secure_site.asked == []


def test_a_certificate_that_is_vouched_for_is_taken(secure_site, fetch, limits, certificate):
    secure_site.feed(["https://news.example/a"])
    secure_site.page("/a")
    limits = replace(limits, ca_bundle=str(certificate))
    report = fetch(local=False, feeds=FEED, guard=public_guard(secure_site), limits=limits)
    assert report.n_pages == 1


def test_a_certificate_for_another_name_is_refused(secure_site, fetch, limits, certificate):
    limits = replace(limits, ca_bundle=str(certificate))
    feeds = ("https://other.example/feed",)
    with pytest.raises(SourceFailedError, match="bad_certificate"):
        fetch(local=False, feeds=feeds, guard=public_guard(secure_site), limits=limits)
    assert secure_site.asked == []


def test_a_server_that_never_shakes_hands_is_left(fetch, limits):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        guard = public_guard(Site(silent.getsockname()[1]))
        limits = replace(limits, connect_seconds=0.2)
        with pytest.raises(SourceFailedError, match="timeout"):
            fetch(local=False, feeds=FEED, guard=guard, limits=limits)


def test_a_server_without_tls_is_not_believed(site, fetch):
    with pytest.raises(SourceFailedError, match="bad_certificate"):
        fetch(local=False, feeds=FEED, guard=public_guard(site))
