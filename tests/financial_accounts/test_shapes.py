"""What is answered has every member that the typed classes of the official SDK promise."""

import asyncio
import json
import os
import sys
from typing import Any

from tests.financial_accounts.moves.test_moves import bank, payment, pull, transfer
from tests.financial_accounts.support import Keeper, keeper
from tests.financial_accounts.test_cards import authorize, card_on
from tests.support.server import Platform
from tests.test_shapes import PREVIEW_SDK, ROOT

MONEY, TREASURY = "v2.money_management", "treasury"
FORMS: dict[str, dict[str, str]] = {
    "received_credits": {"network": "ach"},
    "received_debits": {"network": "ach"},
}


async def money_management(owner: Keeper) -> list[tuple[str, Any]]:
    """One of everything of v2."""
    account = await owner.funded(1_000)
    address = (await owner.done("GET", "financial_addresses"))["data"][0]["id"]
    helper = f"test_helpers/financial_addresses/{address}"
    debit = {"amount": owner.money(10), "network": "ach"}
    made = await owner.done("POST", f"{helper}/debit", debit)
    found = [(f"{MONEY}.FinancialAddressDebitSimulation", made)]
    made = await owner.done("POST", f"{helper}/generate_microdeposits")
    found.append((f"{MONEY}.FinancialAddressGeneratedMicrodeposits", made))
    place = await bank(owner)
    await owner.done("POST", "outbound_transfers", transfer(owner, account, place, 20))
    worker = await keeper(owner.platform, "us")
    target = await worker.open()
    body = payment(owner, account, str(worker.account), 30, payout_method=target)
    await owner.done("POST", "outbound_payments", body)
    await owner.done("POST", "inbound_transfers", pull(owner, account, place, 5))
    card = await card_on(owner, account)
    held = await authorize(owner, card["id"], 40)
    await owner.done("POST", f"/v1/test_helpers/issuing/authorizations/{held['id']}/capture")
    adjusted = {
        "balance": account,
        "amount": "7",
        "currency": "usd",
        "description": "Goodwill",
        "against": "losses",
    }
    path = f"/_cardwright/accounts/{owner.account}/adjustments"
    status, answer = await owner.platform.call("POST", path, form=adjusted)
    assert status == 200, answer
    for name, shape in (
        ("financial_accounts", "FinancialAccount"),
        ("financial_addresses", "FinancialAddress"),
        ("received_credits", "ReceivedCredit"),
        ("received_debits", "ReceivedDebit"),
        ("outbound_transfers", "OutboundTransfer"),
        ("outbound_payments", "OutboundPayment"),
        ("inbound_transfers", "InboundTransfer"),
        ("payout_methods", "PayoutMethod"),
        ("outbound_setup_intents", "OutboundSetupIntent"),
        ("transactions", "Transaction"),
        ("transaction_entries", "TransactionEntry"),
        ("adjustments", "Adjustment"),
    ):
        listed = (await owner.done("GET", f"{name}?limit=100"))["data"]
        assert listed, name
        found += [(f"{MONEY}.{shape}", one) for one in listed]
        one = await owner.done("GET", f"{name}/{listed[0]['id']}")
        assert one == listed[0], name
    return found


async def treasury(owner: Keeper) -> list[tuple[str, Any]]:
    """One of everything of v1."""
    path = "/v1/treasury"
    features = ("card_issuing", "intra_stripe_flows")
    form = {"supported_currencies[]": "usd", "nickname": "Main"}
    form |= {f"features[{name}][requested]": "true" for name in features}
    for name in ("outbound_payments", "inbound_transfers", "outbound_transfers"):
        form[f"features[{name}][ach][requested]"] = "true"
    form["features[financial_addresses][aba][requested]"] = "true"
    account = (await owner.done("POST", f"{path}/financial_accounts", form=form))["id"]
    moved = {"financial_account": account, "amount": "100", "currency": "usd"}
    helpers = "/v1/test_helpers/treasury"
    for name, more in FORMS.items():
        for _ in range(2):
            one = await owner.done("POST", f"{helpers}/{name}", form={**moved, **more})
    credit = await owner.done(
        "POST", f"{helpers}/received_credits", form={**moved, "network": "ach"}
    )
    to = {"destination_payment_method": "pm_usBankAccount", "amount": "10"}
    for name in ("outbound_transfers", "outbound_payments"):
        await owner.done("POST", f"{helpers}/received_credits", form={**moved, "network": "ach"})
        one = await owner.done("POST", f"{path}/{name}", form={**moved, **to})
        await owner.done("POST", f"{helpers}/{name}/{one['id']}/post")
        await owner.done("POST", f"{helpers}/{name}/{one['id']}/return")
    pulled = {**moved, "origin_payment_method": "pm_usBankAccount"}
    await owner.done("POST", f"{path}/inbound_transfers", form=pulled)
    debit = (await owner.done("GET", f"{path}/received_debits?financial_account={account}"))["data"]
    await owner.done("POST", f"{path}/debit_reversals", form={"received_debit": debit[0]["id"]})
    await owner.done("POST", f"{path}/credit_reversals", form={"received_credit": credit["id"]})
    found = [
        (
            f"{TREASURY}.FinancialAccount",
            await owner.done("GET", f"{path}/financial_accounts/{account}"),
        )
    ]
    made = await owner.done("GET", f"{path}/financial_accounts/{account}/features")
    found.append((f"{TREASURY}.FinancialAccountFeatures", made))
    for name, shape in (
        ("received_credits", "ReceivedCredit"),
        ("received_debits", "ReceivedDebit"),
        ("outbound_transfers", "OutboundTransfer"),
        ("outbound_payments", "OutboundPayment"),
        ("inbound_transfers", "InboundTransfer"),
        ("credit_reversals", "CreditReversal"),
        ("debit_reversals", "DebitReversal"),
        ("transactions", "Transaction"),
        ("transaction_entries", "TransactionEntry"),
    ):
        page = await owner.done("GET", f"{path}/{name}?financial_account={account}&limit=100")
        assert page["data"], name
        found += [(f"{TREASURY}.{shape}", one) for one in page["data"]]
        one = await owner.done("GET", f"{path}/{name}/{page['data'][0]['id']}")
        assert one == page["data"][0], name
    return found


async def test_every_promised_member_is_there(platform: Platform) -> None:
    owner = await keeper(platform, "us", issues=True)
    answers = [
        # The classes call the member that Python has no name for otherwise.
        (shape, {**body, "from_": body["from"]} if "from" in body else body)
        for shape, body in await money_management(owner) + await treasury(owner)
    ]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.sdk_shapes"),
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(PREVIEW_SDK), str(ROOT)])},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate(json.dumps(answers).encode())
    report = json.loads(printed)
    assert not report["amiss"], "\n".join(sorted(set(report["amiss"])))
    assert len({shape for shape, _ in answers}) == 25
