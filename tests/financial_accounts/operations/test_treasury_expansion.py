"""What treasury (v1) shows only when it is expanded."""

import pytest

from tests.financial_accounts.operations.test_treasury import Treasurer
from tests.financial_accounts.support import keeper
from tests.support.server import Platform
from tests.support.spending import HELPERS, HOLDER


@pytest.fixture
async def owner(platform: Platform) -> Treasurer:
    """An American account that keeps money and issues cards."""
    return Treasurer(await keeper(platform, "us", issues=True))


async def test_the_number_of_an_address_is_shown_when_it_is_asked_for(owner: Treasurer) -> None:
    made = await owner.open()
    number, accounts = "financial_addresses.aba.account_number", owner.treasury.financial_accounts
    [address] = made.financial_addresses
    assert "account_number" not in address.aba.to_dict()
    assert address.aba.account_holder_name == "Jenny Rosen"
    one = await owner.do(accounts.retrieve, made.id, {"expand": [number]})
    [listed] = (await owner.do(accounts.list, {"expand": [f"data.{number}"]})).data
    for shown in (one, listed):
        [address] = shown.financial_addresses
        assert address.aba.account_number.endswith(address.aba.account_number_last4)
        assert len(address.aba.account_number) > 4
    events = (await owner.do(owner.sdk.v1.events.list, {"limit": 100})).data
    told = [one.data.object for one in events if one.type.startswith("treasury.financial_account.")]
    assert told
    assert all(one.account_number not in str(event) for event in told for one in [address.aba])


async def test_what_moved_the_money(owner: Treasurer) -> None:
    account = await owner.open()
    credit = await owner.credit(account.id, 1_000)
    transaction = await owner.do(owner.treasury.transactions.retrieve, credit.transaction)
    assert "flow_details" not in transaction.to_dict()
    detailed = await owner.do(
        owner.treasury.transactions.retrieve,
        credit.transaction,
        {"expand": ["flow_details", "flow_details.received_credit.transaction.entries"]},
    )
    details = detailed.flow_details
    assert (details.type, details.received_credit.id) == ("received_credit", credit.id)
    [entry] = details.received_credit.transaction.entries.data
    assert entry.balance_impact.cash == 1_000
    [listed] = (
        await owner.do(
            owner.treasury.transaction_entries.list,
            {"financial_account": account.id, "expand": ["data.flow_details"]},
        )
    ).data
    assert listed.id == entry.id
    assert listed.flow_details.received_credit.id == credit.id


async def test_what_a_card_moved(owner: Treasurer) -> None:
    """A hold is the authorization's, what it became the received debit's."""
    account = await owner.funded(100)
    client = owner.owner
    holder = await client.done("POST", "/v1/issuing/cardholders", form=HOLDER)
    form = {"cardholder": holder["id"], "currency": "usd", "type": "virtual", "status": "active"}
    form["financial_account"] = account
    card = await client.done("POST", "/v1/issuing/cards", form=form)
    pay = {"card": card["id"], "amount": "10"}
    allowed = await client.done("POST", HELPERS, form=pay)
    captured = await client.done("POST", f"{HELPERS}/{allowed['id']}/capture")
    [debit] = captured["treasury"]["received_debits"]
    listed = await owner.do(
        owner.treasury.transactions.list,
        {"financial_account": account, "expand": ["data.flow_details"]},
    )
    flows = [one.flow_details.to_dict() for one in listed.data]
    assert [(one["type"], one[one["type"]]["id"]) for one in flows][:2] == [
        ("received_debit", debit),
        ("issuing_authorization", allowed["id"]),
    ]
