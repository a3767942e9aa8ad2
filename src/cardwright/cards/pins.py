"""The PIN of a card: set, shown, compared. What is kept of it is an offset, sealed."""

import msgspec

from cardwright.cards import card_numbers, pin_encryption, verification_values
from cardwright.cards.model import Card, CardMembers, Pin
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.vault import Vault
from cardwright.tenancy import secrets
from cardwright.wire.given import Given
from cardwright.wire.resource import Sealed

OFFSET = "pin_offset"
# Every card of the test environment has this one until it is given another (public documentation).
TEST_PIN = "0000"
FAILURES_MAX = 3


def given_pin(given: Given[Card]) -> str | None:
    """The encrypted PIN of a call, if it brings one."""
    pin = given.get("pin") or {}
    sealed = pin.get("encrypted_number")
    return sealed.reveal() if isinstance(sealed, Sealed) else None


async def set_first(tx: Tx, card: Card, number: str, encrypted: str | None) -> None:
    """Give a new card its PIN: the one that came with it, else a random one."""
    if encrypted is not None:
        pin = await pin_encryption.decrypted(tx.connection, tx.vault, encrypted)
    else:
        pin = verification_values.new_pin() if tx.livemode else TEST_PIN
    await _keep(tx, card, number, pin)


async def change(tx: Tx, card: Card, encrypted: str) -> None:
    """Give a card another PIN."""
    pin = await pin_encryption.decrypted(tx.connection, tx.vault, encrypted)
    number = await card_numbers.number_of(tx.connection, tx.vault, tx.account_id, card.id)
    await _keep(tx, card, number, pin)


async def clear(connection: Connection, vault: Vault, account_id: str, card_id: str) -> Pin | None:
    """The PIN, in clear, for the answer to who may see it; None when the card has none."""
    offset = await secrets.get(connection, vault, account_id, card_id, OFFSET)
    if offset is None:
        return None
    number = await card_numbers.number_of(connection, vault, account_id, card_id)
    return Pin(number=verification_values.pin_of(vault, number, offset))


async def matches(tx: Tx, card: Card, presented: str) -> bool:
    """Whether it is the PIN of the card."""
    pin = await clear(tx.connection, tx.vault, tx.account_id, card.id)
    if pin is None:
        return False
    return verification_values.same(presented, str(pin.number))


def is_blocked(card: CardMembers) -> bool:
    """Whether a wrong PIN was presented too often."""
    return card.pin_failures >= FAILURES_MAX


def counted(card: Card, request: str | None, *, matched: bool) -> Card:
    """The card after a PIN was compared: blocked, and inactive, by the third wrong one in a row."""
    if matched:
        return _after_failures(card, 0, [])
    if request in card.pin_failed_requests:
        return card
    named = card.pin_failed_requests + ([] if request is None else [request])
    after = _after_failures(card, card.pin_failures + 1, named)
    if is_blocked(after) and after.status == "active":
        after = msgspec.structs.replace(after, status="inactive")
    return after


def _after_failures(card: Card, failures: int, requests: list[str]) -> Card:
    changed: Card = msgspec.structs.replace(
        card, pin_failures=failures, pin_failed_requests=requests
    )
    return changed


async def _keep(tx: Tx, card: Card, number: str, pin: str) -> None:
    offset = verification_values.pin_offset(tx.vault, number, pin)
    await secrets.put(tx, card.id, OFFSET, offset)
