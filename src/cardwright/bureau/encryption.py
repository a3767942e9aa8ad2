"""The bureau's public key, and encryption to it: JSON Web Encryption (RFC 7516) by a library."""

from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from cardwright.bureau import refusals
from cardwright.kernel.refusal import fail

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey

ALGORITHM, ENCRYPTION = "RSA-OAEP-256", "A256GCM"
CONTENT_TYPE = "application/x-ndjson"
KEY_BITS_MIN = 2048


def read_key(pem: str) -> "RSAKey":
    """The public RSA key of a PEM text; refuses another kind, a short one, and a private one."""
    from joserfc.jwk import RSAKey

    if "PRIVATE KEY" in pem:
        # Who sends it here has given it away: it must not be used, and is not kept.
        fail(refusals.BUREAU_KEY_PRIVATE, param="public_key")
    try:
        found = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        found = None
    if not isinstance(found, RSAPublicKey):
        fail(
            refusals.BUREAU_KEY_INVALID, param="public_key", reason="it is no RSA public key in PEM"
        )
    if found.key_size < KEY_BITS_MIN:
        reason = f"it has {found.key_size} bits, and needs {KEY_BITS_MIN}"
        fail(refusals.BUREAU_KEY_INVALID, param="public_key", reason=reason)
    return RSAKey.import_key(found)


def key_id(key: "RSAKey") -> str:
    """The name of a key: its thumbprint (RFC 7638)."""
    return key.thumbprint()


def encrypted(content: bytes, key: "RSAKey") -> str:
    """The content as a compact JWE that only the owner of the key can read."""
    from joserfc import jwe

    header = {
        "alg": ALGORITHM,
        "enc": ENCRYPTION,
        "kid": key_id(key),
        "cty": CONTENT_TYPE,
    }
    return jwe.encrypt_compact(header, content, key, algorithms=[ALGORITHM, ENCRYPTION])
