"""What disputes do to money, through every book that a card can spend."""

from typing import Any

import pytest

from cardwright.ledger import audit
from cardwright.roles.provisioning import create_platform
from tests.credit.support import fund_platform, give_credit, obligations
from tests.disputes.support import (
    DISPUTES,
    FORCED,
    OPERATOR,
    PREVIEW,
    REFUNDS,
    captured,
    disputed,
    ended,
    payer,
    submitted,
    told,
)
from tests.financial_accounts.support import Keeper, keeper
from tests.financial_accounts.test_cards import after, authorize, card_on
from tests.simulator.clocks import DAY, START, advance, new_clock
from tests.support.server import Platform
from tests.support.spending import Spender

CLOSE = "/v1/test_helpers/issuing/disputes"


async def operator(one: Any, dispute: str, verb: str, **form: str) -> Any:
    """The operator speaks for the card network."""
    status, body = await one.platform.call("POST", f"{OPERATOR}/{dispute}/{verb}", form=form)
    assert status == 200, body
    return body


async def events_of(one: Spender) -> list[str]:
    return [name.partition(".")[2] for name in await one.events() if "issuing_dispute" in name]


async def clean(one: Spender) -> None:
    async with one.platform.live.application.database.connection() as connection:
        assert await audit.verify(connection, one.account) == []


async def test_credit_before_the_decision_stays_when_won(platform: Platform) -> None:
    """The money comes once."""
    one = await payer(platform)
    made = await submitted(one)
    credited = await operator(one, made["id"], "credit")
    assert (credited["status"], credited["credited"]) == ("submitted", 1000)
    assert await one.available() == 10_000
    status, body = await one.platform.call("POST", f"{OPERATOR}/{made['id']}/credit")
    assert (status, "credited already" in body["error"]["message"]) == (400, True)
    won = await operator(one, made["id"], "close", status="won")
    assert (won["status"], won["account"]) == ("won", one.account)
    assert await one.available() == 10_000
    assert await events_of(one) == ["created", "submitted", "funds_reinstated", "closed"]
    await clean(one)


async def test_what_was_refunded_is_not_claimed(platform: Platform) -> None:
    """A refund between the dispute and its submission leaves less to claim."""
    one = await payer(platform)
    spent = await captured(one)
    made = await disputed(one, spent["id"], "I did not pay this.")
    await one.done("POST", f"{REFUNDS}/{spent['id']}/refund", {"refund_amount": "400"})
    status, body = await one.call("POST", f"{DISPUTES}/{made['id']}/submit")
    assert (status, body["error"]["param"]) == (400, "amount")
    await one.done("POST", f"{DISPUTES}/{made['id']}", {"amount": "600"})
    await one.done("POST", f"{DISPUTES}/{made['id']}/submit")
    await operator(one, made["id"], "close", status="won")
    assert await one.available() == 10_000
    await clean(one)


async def test_credit_before_the_decision_leaves_when_lost(platform: Platform) -> None:
    """As much as came, even when it was spent since."""
    one = await payer(platform, funds=1000)
    made = await submitted(one)
    await operator(one, made["id"], "credit")
    await captured(one, 1000)
    assert await one.available() == 0
    form = {"status": "lost", "loss_reason": "refund_issued"}
    lost = await operator(one, made["id"], "close", **form)
    assert (lost["status"], lost["loss_reason"]) == ("lost", "refund_issued")
    assert [moved["amount"] for moved in lost["balance_transactions"]] == [1000, -1000]
    assert await one.available() == -1000
    assert (await events_of(one))[-2:] == ["closed", "funds_rescinded"]
    assert [reason for reason, _ in await told(one)][-1] == "issuing.dispute_lost"
    await clean(one)


async def test_the_rate_of_the_day(platform: Platform) -> None:
    """The merchant gives back its own currency, at what it is worth when the dispute is won."""
    clock = await new_clock(platform)
    one = await payer(platform, test_clock=clock)
    for day, dollars in (("2040-01-01", "1.25"), ("2040-01-11", "1.00")):
        form = {"day": day, "rates[usd]": dollars, "rates[gbp]": "0.80"}
        status, body = await platform.call("POST", "/_cardwright/exchange_rates", form=form)
        assert status == 200, body
    form = {"card": one.card, "amount": "1000", "currency": "usd"}
    payment = await one.done("POST", FORCED, form)
    assert payment["amount"] == -640
    made = await disputed(one, payment["id"], "I did not pay this.", amount="320")
    await one.done("POST", f"{DISPUTES}/{made['id']}/submit")
    await advance(platform, clock, START + 10 * DAY)
    won = await operator(one, made["id"], "close", status="won")
    # Half of 1000 dollars, at 0.80 pounds each.
    assert (won["amount"], won["balance_transactions"][0]["amount"]) == (320, 400)
    assert await one.available() == 10_000 - 640 + 400


async def test_on_a_financial_account(platform: Platform) -> None:
    """The money comes back as a debit reversal; a balance transaction tells nothing of it."""
    owner = await keeper(platform, issues=True)
    account = await owner.funded(1_000)
    payment = await paid_from(owner, account)
    debit = payment["treasury"]["received_debit"]
    form = {
        "treasury[received_debit]": debit,
        "evidence[reason]": "fraudulent",
        "evidence[fraudulent][explanation]": "winning_evidence",
    }
    made = await owner.done("POST", DISPUTES, form=form)
    assert made["transaction"] == payment["id"]
    assert made["treasury"] == {"debit_reversal": None, "received_debit": debit}
    await owner.done("POST", f"{DISPUTES}/{made['id']}/submit", form={})
    done = await owner.until(f"{DISPUTES}/{made['id']}", "won")
    assert done["balance_transactions"] == []
    assert done["treasury"]["debit_reversal"].startswith("debrev_")
    assert await owner.balance(account) == (1_000, 0, 0)
    kinds = [(kind, amount) for kind, _, amount in await owner.transactions(account)]
    assert ("received_debit_reversal", 400) in kinds
    await owner.clean(owner.account)


@pytest.mark.parametrize("verdict", ["won", "lost"])
async def test_credit_on_a_financial_account(platform: Platform, verdict: str) -> None:
    owner = await keeper(platform, issues=True)
    account = await owner.funded(1_000)
    payment = await paid_from(owner, account)
    form = {"transaction": payment["id"]}
    form |= {"evidence[reason]": "other", "evidence[other][explanation]": "It broke."}
    made = await owner.done("POST", DISPUTES, form=form)
    assert made["treasury"]["received_debit"] == payment["treasury"]["received_debit"]
    await owner.done("POST", f"{DISPUTES}/{made['id']}/submit", form={})
    await operator(owner, made["id"], "credit")
    assert await owner.balance(account) == (1_000, 0, 0)
    await operator(owner, made["id"], "close", status=verdict)
    assert await owner.balance(account) == (1_000 if verdict == "won" else 600, 0, 0)
    await owner.clean(owner.account)


async def paid_from(owner: Keeper, account: str) -> Any:
    """A capture of 400 from a financial account."""
    card = await card_on(owner, account)
    held = await authorize(owner, card["id"], 400)
    done = await after(owner, held["id"], "capture")
    return done["transactions"][0]


async def test_on_credit(platform: Platform) -> None:
    """What is won lessens what the account owes."""
    await fund_platform(platform, 50_000)
    one = await payer(platform, funds=0)
    await give_credit(one, 20_000)
    made = await submitted(one, "winning_evidence")
    [owed] = await obligations(one)
    assert owed["amount_outstanding"] == 1000
    assert (await ended(one, made["id"]))["status"] == "won"
    [owed] = await obligations(one)
    assert owed["amount_outstanding"] == 0
    await clean(one)


@pytest.mark.parametrize(("reason", "days"), [("fraudulent", 110), ("no_valid_authorization", 65)])
async def test_a_dispute_that_nobody_submits_expires(
    platform: Platform, reason: str, days: int
) -> None:
    """On the day of its reason and network, by the account's clock; afterwards none can be made."""
    clock = await new_clock(platform)
    one = await payer(platform, test_clock=clock)
    payment = await captured(one)
    form = {"transaction": payment["id"], "evidence[reason]": reason}
    made = await one.done("POST", DISPUTES, form)
    await advance(platform, clock, START + days * DAY - 60)
    found = await one.done("GET", f"{DISPUTES}/{made['id']}")
    assert found["status"] == "unsubmitted"
    await advance(platform, clock, START + days * DAY + 60)
    found = await one.done("GET", f"{DISPUTES}/{made['id']}")
    assert found["status"] == "expired"
    assert (await events_of(one))[-1] == "closed"
    assert await told(one) == []
    status, body = await one.call("POST", f"{DISPUTES}/{made['id']}/submit")
    assert status == 400, body
    status, body = await one.call("POST", DISPUTES, form)
    assert (status, f"within {days} days" in body["error"]["message"]) == (400, True)
    if days < 110:
        other = {"transaction": payment["id"], "evidence[reason]": "fraudulent"}
        again = await one.done("POST", DISPUTES, other)
        status, body = await one.call(
            "POST",
            f"{DISPUTES}/{again['id']}",
            {"evidence[reason]": reason},
        )
        assert (status, body["error"]["param"]) == (400, "evidence[reason]")


async def test_the_helpers_of_the_preview(platform: Platform) -> None:
    """Closed by a test, with a provisional credit and the steps of the network."""
    clock = await new_clock(platform)
    one = await payer(platform, test_clock=clock)
    made = await submitted(one)
    at = f"{CLOSE}/{made['id']}"

    async def helper(verb: str, form: dict[str, str]) -> Any:
        return await one.done("POST", f"{at}/{verb}", form, version=PREVIEW)

    files = {"merchant_evidence_files[number_to_generate]": "2"}
    for step in ("dispute_response", "pre_arbitration_submission", "pre_arbitration_response"):
        shown = await helper(f"simulate_network_lifecycle_{step}", files)
        assert len(shown["network_lifecycle"][step]["merchant_evidence_files"]) == 2
    too_many = {"merchant_evidence_files[number_to_generate]": "13"}
    status, body = await one.call(
        "POST", f"{at}/simulate_network_lifecycle_dispute_response", too_many, version=PREVIEW
    )
    assert status == 400, body
    shown = await helper("provisional_credit", {"grant_deadline": str(START + 10 * DAY)})
    assert shown["provisional_credit"]["status"] == "required"
    await advance(platform, clock, START + 11 * DAY)
    path = f"{DISPUTES}/{made['id']}"
    shown = await one.done("GET", path, version=PREVIEW)
    assert shown["provisional_credit"]["status"] == "delinquent"
    form = {"provisional_credit[granted_at]": str(START + 11 * DAY)}
    shown = await one.done("POST", path, form, version=PREVIEW)
    assert shown["provisional_credit"]["status"] == "granted"
    early = {"provisional_credit[revoked_at]": str(START + 11 * DAY)}
    status, body = await one.call("POST", path, early, version=PREVIEW)
    assert (status, body["error"]["param"]) == (400, "provisional_credit[revoked_at]")
    await helper("provisional_credit", {"revocable_after": str(START + 20 * DAY)})
    shown = await helper("close", {"status": "lost"})
    assert shown["provisional_credit"]["status"] == "revocation_notice_period"
    await advance(platform, clock, START + 20 * DAY)
    shown = await one.done("GET", path, version=PREVIEW)
    assert shown["provisional_credit"]["status"] == "revocable"
    form = {"provisional_credit[revoked_at]": str(START + 20 * DAY)}
    shown = await one.done("POST", path, form, version=PREVIEW)
    assert shown["provisional_credit"]["status"] == "revoked"
    stable = await one.done("GET", path)
    assert "provisional_credit" not in stable
    status, body = await one.call("POST", f"{at}/close", {"status": "won"}, version=PREVIEW)
    assert status == 400, body


async def test_the_operator_sees_only_its_own(platform: Platform) -> None:
    """Disputes of all accounts of the platform, and of no other."""
    one = await payer(platform)
    made = await submitted(one)
    status, body = await platform.call("GET", f"{OPERATOR}?status=submitted")
    assert (status, [found["id"] for found in body["data"]]) == (200, [made["id"]])
    status, body = await platform.call("GET", f"{OPERATOR}/{made['id']}")
    assert (status, body["account"]) == (200, one.account)
    stranger = Platform(platform.live, await create_platform(platform.live.application.database))
    for verb in ("", "/credit"):
        method = "POST" if verb else "GET"
        status, body = await stranger.call(method, f"{OPERATOR}/{made['id']}{verb}")
        assert (status, body["error"]["code"]) == (404, "resource_missing")
    form = {"status": "won", "loss_reason": "other"}
    status, body = await platform.call("POST", f"{OPERATOR}/{made['id']}/close", form=form)
    assert (status, body["error"]["param"]) == (400, "loss_reason")
