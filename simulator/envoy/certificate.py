"""Self-signed certificates as a gateway makes them for itself: the name never matches."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
import ssl
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_LASTS = timedelta(days=36_500)


def new_context(origin: bytes | None = None) -> ssl.SSLContext:
    """Return the server side of TLS with a new key and certificate.

    From the same `origin` they are the same again.
    """
    number = sha256(origin or token_bytes(32)).digest()
    key = ec.derive_private_key(int.from_bytes(number[:31]) + 1, ec.SECP256R1())
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "envoy.local")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(number[:8]) + 1)
        .not_valid_before(begin)
        .not_valid_after(begin + _LASTS)
        .sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # The ssl module takes keys from files only.
    with TemporaryDirectory() as folder:
        path = Path(folder) / "envoy.pem"
        path.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
        context.load_cert_chain(path)
    return context
