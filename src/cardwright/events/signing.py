"""The signature header of a webhook: ``Stripe-Signature: t=...,v1=...``.

The receiver computes HMAC-SHA256 of ``<t>.<raw body>`` with each secret it knows. While a secret
is rolled the header carries one ``v1`` for each secret that is still good.
"""

import hashlib
import hmac
from collections.abc import Sequence

HEADER = "Stripe-Signature"
SECRET_PREFIX = "whsec_"  # noqa: S105 - the public prefix, not a secret


def header(payload: bytes, secrets: Sequence[str], at_seconds: int) -> str:
    """The header's value for a payload sent at ``at_seconds`` since the epoch, machine time."""
    assert secrets, "a payload is signed with at least one secret"
    signed = f"{at_seconds}.".encode() + payload
    digests = [hmac.new(secret.encode(), signed, hashlib.sha256) for secret in secrets]
    return ",".join([f"t={at_seconds}", *(f"v1={digest.hexdigest()}" for digest in digests)])
