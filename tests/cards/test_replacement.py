"""Replacing a card: what it keeps, and when the old one ends."""

import asyncio
from typing import Any

import pytest
import stripe

from cardwright.cards import card_numbers
from cardwright.cards.choosing import Presented
from tests.cards.test_cards_sdk import Issuer
from tests.support.issuing import issuing_account
from tests.support.server import Platform


@pytest.fixture
async def issuer(platform: Platform) -> Issuer:
    return Issuer(platform, await issuing_account(platform))


async def secrets(issuer: Issuer, card_id: str) -> tuple[str, str]:
    shown = await issuer.retrieve(card_id, "number", "cvc")
    return shown["number"], shown["cvc"]


async def route(issuer: Issuer, number: str) -> str:
    """The card that the number alone means."""
    database = issuer.platform.live.application.database
    async with database.connection() as connection:
        found = await card_numbers.find(connection, database.vault, number, Presented())
    assert found is not None
    assert found.account_id == issuer.account_id
    return found.candidate.card.id


async def root(issuer: Issuer, card_id: str) -> str:
    found: str = await issuer.platform.live.application.database.pool.fetchval(
        "select spend_root from cards where account_id = $1 and id = $2",
        issuer.account_id,
        card_id,
    )
    return found


@pytest.mark.calendar
async def test_a_damaged_card_keeps_its_number_and_ends_when_the_new_one_starts(
    issuer: Issuer,
) -> None:
    old = await issuer.card(status="active")
    new = await issuer.card(
        cardholder=old.cardholder.id, replacement_for=old.id, replacement_reason="damaged"
    )
    number, _ = await secrets(issuer, old.id)
    assert (await secrets(issuer, new.id))[0] == number
    assert (new.status, new.last4, new.replacement_for) == ("inactive", old.last4, old.id)
    shown = await issuer.retrieve(old.id)
    assert (shown["status"], shown["replaced_by"]) == ("active", new.id)
    assert await route(issuer, number) == old.id

    await issuer.update(new.id, status="active")
    assert (await issuer.retrieve(old.id))["status"] == "canceled"
    assert await route(issuer, number) == new.id
    assert await root(issuer, new.id) == old.id
    assert [kind for kind, _, _ in await issuer.events()] == [
        "issuing_card.created",
        "issuing_card.updated",
        "issuing_card.created",
        "issuing_card.updated",
        "issuing_card.updated",
    ]
    with pytest.raises(stripe.InvalidRequestError, match="replaced"):
        await issuer.card(
            cardholder=old.cardholder.id, replacement_for=old.id, replacement_reason="damaged"
        )


async def test_a_stolen_card_is_canceled_first_and_shares_nothing(issuer: Issuer) -> None:
    old = await issuer.card(status="active")
    wanted = {
        "cardholder": old.cardholder.id,
        "replacement_for": old.id,
        "replacement_reason": "stolen",
    }
    with pytest.raises(stripe.InvalidRequestError, match="canceled"):
        await issuer.card(**wanted)
    await issuer.update(old.id, status="canceled", cancellation_reason="stolen")
    new = await issuer.card(**wanted)
    number, _ = await secrets(issuer, old.id)
    assert (await secrets(issuer, new.id))[0] != number
    assert await root(issuer, new.id) == old.id
    third = await issuer.card(
        cardholder=old.cardholder.id, replacement_for=new.id, replacement_reason="expired"
    )
    assert await root(issuer, third.id) == old.id


async def test_a_replacement_fits_the_card_it_replaces(issuer: Issuer) -> None:
    old = await issuer.card()
    with pytest.raises(stripe.InvalidRequestError, match="cardholder"):
        await issuer.card(replacement_for=old.id, replacement_reason="damaged")


async def test_a_number_has_one_active_card_at_most(issuer: Issuer) -> None:
    first = await issuer.card(status="active")
    again = {"cardholder": first.cardholder.id, "replacement_reason": "damaged"}
    second = await issuer.card(**again, replacement_for=first.id)
    # The second was damaged on its way too, before it was ever active.
    third = await issuer.card(**again, replacement_for=second.id, status="active")
    number, _ = await secrets(issuer, third.id)
    assert (await secrets(issuer, first.id))[0] == number
    shown = [(await issuer.retrieve(one.id))["status"] for one in (first, second, third)]
    assert shown == ["canceled", "canceled", "active"]
    assert await route(issuer, number) == third.id


async def test_a_number_that_was_stolen_meanwhile_is_not_used_again(issuer: Issuer) -> None:
    old = await issuer.card(status="active")
    new = await issuer.card(
        cardholder=old.cardholder.id, replacement_for=old.id, replacement_reason="damaged"
    )
    await issuer.update(old.id, status="canceled", cancellation_reason="stolen")
    with pytest.raises(stripe.InvalidRequestError, match="canceled as stolen"):
        await issuer.update(new.id, status="active")
    assert (await issuer.retrieve(new.id))["status"] == "inactive"


async def test_one_replacement_however_many_are_asked_for_at_once(issuer: Issuer) -> None:
    old = await issuer.card(status="active")
    wanted = {
        "cardholder": old.cardholder.id,
        "replacement_for": old.id,
        "replacement_reason": "expired",
    }
    made = await asyncio.gather(*(issuer.card(**wanted) for _ in range(8)), return_exceptions=True)
    cards = [one for one in made if isinstance(one, stripe.issuing.Card)]
    assert len(cards) == 1
    assert all(isinstance(one, stripe.InvalidRequestError) for one in made if one not in cards)
    await asyncio.gather(
        *(issuer.update(cards[0].id, status="active") for _ in range(4)),
        *(issuer.update(old.id, status="canceled") for _ in range(4)),
    )
    shown = [(await issuer.retrieve(one.id))["status"] for one in (old, cards[0])]
    assert shown == ["canceled", "active"]


@pytest.mark.calendar
async def test_the_number_with_what_is_presented_means_one_of_its_cards(issuer: Issuer) -> None:
    old = await issuer.card(status="active")
    new = await issuer.card(
        cardholder=old.cardholder.id, replacement_for=old.id, replacement_reason="damaged"
    )
    number, code = await secrets(issuer, old.id)
    kept, other = await secrets(issuer, new.id)
    assert kept == number
    assert other != code
    assert (new.exp_month, new.exp_year) != (old.exp_month, old.exp_year)
    database = issuer.platform.live.application.database

    async def meant(**presented: Any) -> str:
        async with database.connection() as connection:
            found = await card_numbers.find(
                connection, database.vault, number, Presented(**presented)
            )
        assert found is not None
        return found.candidate.card.id

    for one, its_code, sequence in ((old, code, 0), (new, other, 1)):
        assert await meant(expiry=(one.exp_month, one.exp_year)) == one.id
        assert await meant(cvc=its_code) == one.id
        assert await meant(sequence=sequence) == one.id
    assert await meant() == old.id
    await issuer.update(new.id, status="active")
    assert await meant() == new.id
    assert await meant(expiry=(old.exp_month, old.exp_year)) == old.id
    async with database.connection() as connection:
        nobody = await card_numbers.find(
            connection, database.vault, "4000000000000002", Presented()
        )
    assert nobody is None


async def test_a_chosen_expiry_must_be_new(issuer: Issuer) -> None:
    old = await issuer.card(exp_month=3, exp_year=2099)
    again = {"cardholder": old.cardholder.id, "replacement_for": old.id}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await issuer.card(**again, replacement_reason="damaged", exp_month=3, exp_year=2099)
    assert caught.value.param == "exp_month"
    new = await issuer.card(**again, replacement_reason="damaged", exp_month=4, exp_year=2099)
    assert (new.exp_month, new.exp_year) == (4, 2099)
