"""The vault: what is sealed opens only with the right key in the right context."""

import stat
from pathlib import Path

import pytest

from cardwright.kernel.startup import StartError
from cardwright.kernel.vault import Vault, VaultError, key_file, new_key


def test_what_is_sealed_opens_again() -> None:
    vault = Vault.open(new_key())
    sealed = vault.seal(b"4000009990000003", "card number of ic_1")
    assert b"4000009990000003" not in sealed
    assert vault.unseal(sealed, "card number of ic_1") == b"4000009990000003"
    assert vault.seal(b"4000009990000003", "card number of ic_1") != sealed


def test_another_context_key_or_byte_does_not_open() -> None:
    vault = Vault.open(new_key())
    sealed = vault.seal(b"123", "cvc of ic_1")
    with pytest.raises(VaultError):
        vault.unseal(sealed, "cvc of ic_2")
    with pytest.raises(VaultError):
        Vault.open(new_key()).unseal(sealed, "cvc of ic_1")
    for position in range(len(sealed)):
        altered = bytearray(sealed)
        altered[position] ^= 1
        with pytest.raises(VaultError):
            vault.unseal(bytes(altered), "cvc of ic_1")
    for length in range(len(sealed)):
        with pytest.raises(VaultError):
            vault.unseal(sealed[:length], "cvc of ic_1")


def test_a_rotated_ring_opens_the_old_and_seals_with_the_new() -> None:
    first, second = new_key(), new_key().replace("1:", "2:")
    old, ring = Vault.open(first), Vault.open(f"{first}\n{second}\n")
    assert ring.unseal(old.seal(b"x", "c"), "c") == b"x"
    with pytest.raises(VaultError):
        old.unseal(ring.seal(b"x", "c"), "c")
    assert Vault.open(second).unseal(ring.seal(b"x", "c"), "c") == b"x"
    assert ring.blind_index("v", "c") == old.blind_index("v", "c")


def test_the_blind_index_is_keyed_and_bound_to_its_context() -> None:
    vault = Vault.open(new_key())
    index = vault.blind_index("4000009990000003", "card number")
    assert index == vault.blind_index("4000009990000003", "card number")
    assert index != vault.blind_index("4000009990000003", "other")
    assert index != Vault.open(new_key()).blind_index("4000009990000003", "card number")
    assert vault.blind_index("b", "a") != vault.blind_index("", "ab")


@pytest.mark.parametrize("text", ["", "secret", "1:short=", "0:" + "A" * 43 + "=", "1:" + "A" * 44])
def test_an_unreadable_key_is_refused_in_words(text: str) -> None:
    with pytest.raises(StartError, match="vault key"):
        Vault.open(text)


def test_neither_key_nor_fingerprint_is_shown() -> None:
    text = new_key()
    vault = Vault.open(text)
    assert text.removeprefix("1:") not in repr(vault)
    assert vault.fingerprints == Vault.open(text).fingerprints
    assert vault.fingerprints != Vault.open(new_key()).fingerprints


def test_the_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "vault.key"
    text = key_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert key_file(path) == text
    Vault.open(text)
