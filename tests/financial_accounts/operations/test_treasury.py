"""Treasury (v1) through the official SDK on a live port: the same accounts, the same ledger."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from tests.financial_accounts.support import Keeper, keeper
from tests.support.server import Platform
from tests.support.spending import HELPERS, HOLDER

FEATURES: Any = {
    "card_issuing": {"requested": True},
    "deposit_insurance": {"requested": True},
    "financial_addresses": {"aba": {"requested": True}},
    "inbound_transfers": {"ach": {"requested": True}},
    "intra_stripe_flows": {"requested": True},
    "outbound_payments": {
        "ach": {"requested": True},
        "us_domestic_wire": {"requested": True},
    },
    "outbound_transfers": {"ach": {"requested": True}},
}


class Treasurer:
    """An American account that keeps money, used through the SDK."""

    def __init__(self, owner: Keeper) -> None:
        self.owner = owner
        self.sdk = owner.platform.sdk
        self.options: Any = {"stripe_account": owner.account}

    async def do(self, verb: Callable[..., Any], *given: Any) -> Any:
        """Call the SDK as the account."""
        return await asyncio.to_thread(verb, *given, options=self.options)

    @property
    def treasury(self) -> Any:
        return self.sdk.v1.treasury

    @property
    def helpers(self) -> Any:
        return self.sdk.v1.test_helpers.treasury

    async def open(self) -> Any:
        """A financial account with every feature."""
        wanted = {"supported_currencies": ["usd"], "features": FEATURES}
        return await self.do(self.treasury.financial_accounts.create, wanted)

    async def credit(self, account: str, amount: int, network: str = "ach") -> Any:
        wanted = {
            "financial_account": account,
            "amount": amount,
            "currency": "usd",
            "network": network,
        }
        return await self.do(self.helpers.received_credits.create, wanted)

    async def funded(self, amount: int) -> str:
        account = await self.open()
        await self.credit(account.id, amount)
        return str(account.id)

    async def balance(self, account: str) -> tuple[int, int, int]:
        kept = (await self.do(self.treasury.financial_accounts.retrieve, account)).balance
        return (kept.cash["usd"], kept.inbound_pending["usd"], kept.outbound_pending["usd"])

    async def refused(self, verb: Callable[..., Any], *given: Any) -> Any:
        with pytest.raises(stripe.StripeError) as refusal:
            await self.do(verb, *given)
        return refusal.value

    async def told(self, account: str) -> list[tuple[str, str, int]]:
        """Flow, status and amount of each transaction, newest first."""
        wanted = {"financial_account": account}
        page = await self.do(self.treasury.transactions.list, wanted)
        return [(one.flow_type, one.status, one.amount) for one in page.data]

    async def events(self) -> list[str]:
        page = await self.do(self.sdk.v1.events.list, {"limit": 100})
        return [one.type for one in page.data if one.type.startswith("treasury.")]

    async def clean(self) -> None:
        """The books of all accounts add up."""
        await self.owner.clean()


@pytest.fixture
async def owner(platform: Platform) -> Treasurer:
    """An American account that keeps money and issues cards."""
    return Treasurer(await keeper(platform, "us", issues=True))


async def test_an_account_and_its_features(owner: Treasurer) -> None:
    made = await owner.open()
    assert made.status == "open"
    assert set(made.active_features) == {
        "card_issuing",
        "deposit_insurance",
        "financial_addresses.aba",
        "inbound_transfers.ach",
        "intra_stripe_flows",
        "outbound_payments.ach",
        "outbound_payments.us_domestic_wire",
        "outbound_transfers.ach",
    }
    assert made.balance.to_dict() == {
        "cash": {"usd": 0},
        "inbound_pending": {"usd": 0},
        "outbound_pending": {"usd": 0},
    }
    [address] = made.financial_addresses
    assert (address.type, len(address.aba.routing_number)) == ("aba", 9)
    assert "features" not in made.to_dict()
    whole = await owner.do(
        owner.treasury.financial_accounts.retrieve, made.id, {"expand": ["features"]}
    )
    assert whole.features.card_issuing.status == "active"
    features = await owner.do(owner.treasury.financial_accounts.features.retrieve, made.id)
    assert features.object == "treasury.financial_account_features"
    changed = await owner.do(
        owner.treasury.financial_accounts.features.update,
        made.id,
        {"deposit_insurance": {"requested": False}},
    )
    assert "deposit_insurance" not in changed
    renamed = await owner.do(
        owner.treasury.financial_accounts.update,
        made.id,
        {"nickname": "Main", "metadata": {"a": "b"}},
    )
    assert (renamed.nickname, renamed.metadata.to_dict()) == ("Main", {"a": "b"})
    listed = await owner.do(owner.treasury.financial_accounts.list, {"status": "open"})
    assert [one.id for one in listed.data] == [made.id]
    assert set(await owner.events()) >= {
        "treasury.financial_account.created",
        "treasury.financial_account.features_status_updated",
    }


async def test_one_record_has_both_faces(owner: Treasurer) -> None:
    account = await owner.funded(700)
    shown = await owner.owner.done("GET", f"financial_accounts/{account}")
    assert shown["storage"]["holds_currencies"] == ["usd"]
    assert shown["balance"]["available"]["usd"]["value"] == 700
    [credit] = (await owner.owner.done("GET", "received_credits"))["data"]
    page = await owner.do(owner.treasury.received_credits.list, {"financial_account": account})
    assert [one.id for one in page.data] == [credit["id"]]
    other = await owner.owner.open("usd")
    refused = await owner.refused(owner.treasury.financial_accounts.retrieve, other)
    assert (refused.http_status, refused.code) == (404, "resource_missing")


async def test_credits_and_their_reversal(owner: Treasurer) -> None:
    account = await owner.open()
    credit = await owner.credit(account.id, 1_000)
    assert (credit.status, credit.network, credit.amount) == ("succeeded", "ach", 1_000)
    assert credit.reversal_details.deadline > credit.created
    transaction = await owner.do(
        owner.treasury.transactions.retrieve, credit.transaction, {"expand": ["entries"]}
    )
    assert (transaction.flow, transaction.flow_type, transaction.status) == (
        credit.id,
        "received_credit",
        "posted",
    )
    [entry] = transaction.entries.data
    assert (entry.type, entry.balance_impact.cash) == ("received_credit", 1_000)
    expanded = await owner.do(
        owner.treasury.received_credits.retrieve, credit.id, {"expand": ["transaction"]}
    )
    assert expanded.transaction.amount == 1_000
    back = await owner.do(owner.treasury.credit_reversals.create, {"received_credit": credit.id})
    assert (back.status, back.network) == ("processing", "ach")
    assert await owner.balance(account.id) == (0, 0, 1_000)
    for _ in range(100):
        back = await owner.do(owner.treasury.credit_reversals.retrieve, back.id)
        if back.status == "posted":
            break
        await asyncio.sleep(0.1)
    assert back.status_transitions.posted_at is not None
    assert await owner.balance(account.id) == (0, 0, 0)
    again = await owner.refused(
        owner.treasury.credit_reversals.create, {"received_credit": credit.id}
    )
    assert "cannot be reversed" in str(again)
    wire = await owner.credit(account.id, 5, "us_domestic_wire")
    assert wire.reversal_details.restricted_reason == "network_restricted"
    refused = await owner.refused(
        owner.treasury.credit_reversals.create, {"received_credit": wire.id}
    )
    assert "us_domestic_wire" in str(refused)
    await owner.clean()


async def test_debits_and_their_reversal(owner: Treasurer) -> None:
    account = await owner.funded(100)
    wanted = {"financial_account": account, "amount": 60, "currency": "usd", "network": "ach"}
    debit = await owner.do(owner.helpers.received_debits.create, wanted)
    assert (debit.status, await owner.balance(account)) == ("succeeded", (40, 0, 0))
    failed = await owner.do(owner.helpers.received_debits.create, wanted)
    assert (failed.status, failed.failure_code) == ("failed", "insufficient_funds")
    back = await owner.do(owner.treasury.debit_reversals.create, {"received_debit": debit.id})
    assert await owner.balance(account) == (40, 60, 0)
    for _ in range(100):
        back = await owner.do(owner.treasury.debit_reversals.retrieve, back.id)
        if back.status == "succeeded":
            break
        await asyncio.sleep(0.1)
    assert await owner.balance(account) == (100, 0, 0)
    listed = await owner.do(
        owner.treasury.debit_reversals.list,
        {"financial_account": account, "received_debit": debit.id},
    )
    assert [one.id for one in listed.data] == [back.id]
    await owner.clean()


def payment(account: str, amount: int, **more: Any) -> dict[str, Any]:
    return {
        "financial_account": account,
        "amount": amount,
        "currency": "usd",
        "destination_payment_method_data": {
            "type": "us_bank_account",
            "billing_details": {"name": "Jenny Rosen"},
            "us_bank_account": {
                "account_holder_type": "individual",
                "account_number": "000123456789",
                "routing_number": "110000000",
            },
        },
        **more,
    }


async def test_an_outbound_payment_to_its_end(owner: Treasurer) -> None:
    account = await owner.funded(100)
    payments, helpers = owner.treasury.outbound_payments, owner.helpers.outbound_payments
    made = await owner.do(payments.create, payment(account, 70, statement_descriptor="Wages"))
    assert (made.status, made.cancelable) == ("processing", True)
    details = made.destination_payment_method_details
    assert (details.us_bank_account.last4, details.billing_details.name) == ("6789", "Jenny Rosen")
    assert await owner.balance(account) == (30, 0, 70)
    tracked = await owner.do(
        helpers.update,
        made.id,
        {"tracking_details": {"type": "ach", "ach": {"trace_id": "0123456789"}}},
    )
    assert tracked.tracking_details.ach.trace_id == "0123456789"
    posted = await owner.do(helpers.post, made.id)
    assert (posted.status, await owner.balance(account)) == ("posted", (30, 0, 0))
    returned = await owner.do(
        helpers.return_outbound_payment,
        made.id,
        {"returned_details": {"code": "account_closed"}},
    )
    assert (returned.status, returned.returned_details.code) == ("returned", "account_closed")
    assert await owner.balance(account) == (100, 0, 0)
    assert (await owner.told(account))[:2] == [
        ("outbound_payment", "posted", 70),
        ("outbound_payment", "posted", -70),
    ]
    late = await owner.refused(payments.cancel, made.id)
    assert late.code == "not_cancelable"
    assert set(await owner.events()) >= {
        f"treasury.outbound_payment.{verb}"
        for verb in ("created", "posted", "returned", "tracking_details_updated")
    }
    await owner.clean()


@pytest.mark.parametrize("within", [False, True])
async def test_a_payment_shows_what_was_said_of_it(owner: Treasurer, within: bool) -> None:
    """Wherever it goes: to a bank account or to a financial account."""
    account = await owner.funded(100)
    said: dict[str, Any] = {
        "description": "Wages of June",
        "end_user_details": {"present": True, "ip_address": "192.0.2.1"},
        "metadata": {"month": "6"},
        "purpose": "payroll",
        "statement_descriptor": "Wages",
    }
    wanted = payment(account, 70, **said)
    if within:
        target = await owner.open()
        wanted["destination_payment_method_data"] = {
            "type": "financial_account",
            "financial_account": target.id,
        }
    made = await owner.do(owner.treasury.outbound_payments.create, wanted)
    found = await owner.do(owner.treasury.outbound_payments.retrieve, made.id)
    for one in (made.to_dict(), found.to_dict()):
        assert {name: one[name] for name in said} == said


async def test_payments_that_do_not_leave(owner: Treasurer) -> None:
    account = await owner.funded(100)
    payments, helpers = owner.treasury.outbound_payments, owner.helpers.outbound_payments
    made = await owner.do(payments.create, payment(account, 100))
    short = await owner.refused(payments.create, payment(account, 1))
    assert short.code == "insufficient_funds"
    canceled = await owner.do(payments.cancel, made.id)
    assert (canceled.status, await owner.balance(account)) == ("canceled", (100, 0, 0))
    twice = await owner.refused(payments.cancel, made.id)
    assert twice.code == "already_canceled"
    wire = {"us_bank_account": {"network": "us_domestic_wire"}}
    other = await owner.do(
        payments.create, payment(account, 40, destination_payment_method_options=wire)
    )
    failed = await owner.do(helpers.fail, other.id)
    assert (failed.status, await owner.balance(account)) == ("failed", (100, 0, 0))
    late = await owner.refused(helpers.post, other.id)
    assert "failed" in str(late)
    listed = await owner.do(payments.list, {"financial_account": account, "status": "failed"})
    assert [one.id for one in listed.data] == [other.id]
    entries = await owner.do(
        owner.treasury.transaction_entries.list,
        {"financial_account": account, "transaction": other.transaction},
    )
    assert [one.type for one in entries.data] == ["outbound_payment_failure", "outbound_payment"]


async def test_transfers_to_own_accounts(owner: Treasurer) -> None:
    source, target = await owner.funded(100), await owner.open()
    transfers = owner.treasury.outbound_transfers
    wanted = {
        "financial_account": source,
        "amount": 30,
        "currency": "usd",
        "destination_payment_method_data": {
            "type": "financial_account",
            "financial_account": target.id,
        },
    }
    made = await owner.do(transfers.create, wanted)
    assert made.status == "posted"
    assert (await owner.balance(source), await owner.balance(target.id)) == (
        (70, 0, 0),
        (30, 0, 0),
    )
    page = await owner.do(owner.treasury.received_credits.list, {"financial_account": target.id})
    flows = page.data[0].linked_flows
    assert (flows.source_flow, flows.source_flow_type) == (made.id, "outbound_transfer")
    named = {
        "financial_account": source,
        "amount": 20,
        "currency": "usd",
        "destination_payment_method": "pm_usBankAccount",
    }
    bank = await owner.do(transfers.create, named)
    posted = await owner.do(owner.helpers.outbound_transfers.post, bank.id)
    assert (posted.status, await owner.balance(source)) == ("posted", (50, 0, 0))
    wire = {"us_bank_account": {"network": "us_domestic_wire"}}
    refused = await owner.refused(
        transfers.create, {**named, "destination_payment_method_options": wire}
    )
    assert refused.code == "feature_not_active"
    await owner.clean()


async def test_money_that_is_pulled_in(owner: Treasurer) -> None:
    account = await owner.open()
    inbound, helpers = owner.treasury.inbound_transfers, owner.helpers.inbound_transfers
    wanted = {
        "financial_account": account.id,
        "amount": 50,
        "currency": "usd",
        "origin_payment_method": "pm_usBankAccount",
    }
    made = await owner.do(inbound.create, wanted)
    assert (made.status, await owner.balance(account.id)) == ("processing", (0, 50, 0))
    done = await owner.do(helpers.succeed, made.id)
    assert (done.status, await owner.balance(account.id)) == ("succeeded", (50, 0, 0))
    back = await owner.do(helpers.return_inbound_transfer, made.id)
    assert (back.returned, await owner.balance(account.id)) == (True, (0, 0, 0))
    failing = await owner.do(inbound.create, wanted)
    failed = await owner.do(
        helpers.fail, failing.id, {"failure_details": {"code": "account_closed"}}
    )
    assert (failed.status, failed.failure_details.code) == ("failed", "account_closed")
    canceled = await owner.do(inbound.cancel, (await owner.do(inbound.create, wanted)).id)
    assert canceled.status == "canceled"
    assert await owner.balance(account.id) == (0, 0, 0)
    listed = await owner.do(inbound.list, {"financial_account": account.id, "status": "failed"})
    assert [one.id for one in listed.data] == [failed.id]
    missing = await owner.refused(inbound.create, {**wanted, "origin_payment_method": "pm_x"})
    assert (missing.code, missing.param) == ("resource_missing", "origin_payment_method")
    await owner.clean()


async def test_what_the_platform_restricts(owner: Treasurer) -> None:
    account = await owner.funded(100)
    client = owner.owner
    holder = await client.done("POST", "/v1/issuing/cardholders", form=HOLDER)
    form = {
        "cardholder": holder["id"],
        "currency": "usd",
        "type": "virtual",
        "status": "active",
        "financial_account": account,
    }
    card = await client.done("POST", "/v1/issuing/cards", form=form)
    pay = {"card": card["id"], "amount": "10"}
    allowed = await client.done("POST", HELPERS, form=pay)
    assert allowed["approved"] is True
    limited = await owner.do(
        owner.treasury.financial_accounts.update,
        account,
        {"platform_restrictions": {"outbound_flows": "restricted"}},
    )
    assert set(limited.restricted_features) == {
        "card_issuing",
        "outbound_payments.ach",
        "outbound_payments.us_domestic_wire",
        "outbound_transfers.ach",
    }
    declined = await client.done("POST", HELPERS, form=pay)
    assert declined["request_history"][0]["reason"] == "insufficient_funds"
    refused = await owner.refused(owner.treasury.outbound_payments.create, payment(account, 1))
    assert refused.code == "feature_not_active"
    captured = await client.done("POST", f"{HELPERS}/{allowed['id']}/capture")
    [debit] = captured["treasury"]["received_debits"]
    shown = await owner.do(owner.treasury.received_debits.retrieve, debit)
    assert shown.linked_flows.issuing_authorization == allowed["id"]
    assert shown.initiating_payment_method_details.issuing_card == card["id"]
    assert (shown.network, shown.reversal_details.restricted_reason) == (
        "card",
        "network_restricted",
    )
    assert await owner.balance(account) == (90, 0, 0)


async def test_refusals_name_parameters_of_v1(owner: Treasurer) -> None:
    account = await owner.funded(5)
    described = "destination_payment_method_data[financial_account]"
    for to in (account, "fa_nobody"):
        data = {"type": "financial_account", "financial_account": to}
        for create in (
            owner.treasury.outbound_payments.create,
            owner.treasury.outbound_transfers.create,
        ):
            wanted = {"financial_account": account, "amount": 1, "currency": "usd"}
            wanted["destination_payment_method_data"] = data
            assert (await owner.refused(create, wanted)).param == described
            wanted["currency"] = "eur"
            assert (await owner.refused(create, wanted)).param == "currency"
    named = {"financial_account": account, "amount": 1, "currency": "usd"}
    named["destination_payment_method"] = "fa_nobody"
    wrong = await owner.refused(owner.treasury.outbound_transfers.create, named)
    assert (wrong.param, wrong.code) == ("destination_payment_method", "resource_missing")
    assert await owner.balance(account) == (5, 0, 0)


async def test_who_may_not_have_one(owner: Treasurer, platform: Platform) -> None:
    from tests.support.issuing import issuing_account

    account = await issuing_account(platform, "us_spend_card", program=False)
    stranger = Treasurer(Keeper(platform, account, "usd"))
    refused = await stranger.refused(
        owner.treasury.financial_accounts.create, {"supported_currencies": ["usd"]}
    )
    assert refused.code == "feature_not_enabled"
    for currencies in (["eur"], ["usd", "usd"], ["usd", "gbp"], []):
        wrong = await owner.refused(
            owner.treasury.financial_accounts.create, {"supported_currencies": currencies}
        )
        assert wrong.param == "supported_currencies"
    plain = await owner.do(
        owner.treasury.financial_accounts.create, {"supported_currencies": ["usd"]}
    )
    form = {"cardholder": "ich_x", "currency": "usd", "type": "virtual"}
    holder = await owner.owner.done("POST", "/v1/issuing/cardholders", form=HOLDER)
    status, body = await owner.owner.call(
        "POST",
        "/v1/issuing/cards",
        form={**form, "cardholder": holder["id"], "financial_account": plain.id},
    )
    assert (status, body["error"]["code"]) == (400, "feature_not_active")


async def test_closing(owner: Treasurer) -> None:
    account = await owner.funded(1)
    refused = await owner.refused(owner.treasury.financial_accounts.close, account)
    assert refused.code == "non_zero_balance"
    empty = await owner.open()
    closed = await owner.do(owner.treasury.financial_accounts.close, empty.id)
    assert (closed.status, closed.status_details.closed.reasons) == (
        "closed",
        ["closed_by_platform"],
    )
    assert closed.active_features == []
    failed = await owner.credit(empty.id, 5)
    assert (failed.status, failed.failure_code) == ("failed", "account_closed")
    assert "treasury.financial_account.closed" in await owner.events()
