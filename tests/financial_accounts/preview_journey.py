"""A journey through money management with the preview release of the official SDK.

Run as a program, because the stable and the preview release cannot be loaded into one process:
reads ``{base, key, account}`` as JSON, writes what it saw.
"""

import json
import sys
import time
from typing import Any

import stripe


def furnished(money: Any, options: Any) -> tuple[str, str, str, str]:
    """Two accounts, the first with money, and a bank account to send it to."""
    wanted: Any = {"type": "storage", "storage": {"holds_currencies": ["usd"]}}
    source = money.financial_accounts.create(wanted, options)
    target = money.financial_accounts.create(wanted, options)
    address = money.financial_addresses.create(
        {
            "financial_account": source.id,
            "type": "bank_account",
            "bank_account": {"currency": "usd", "country": "US"},
        },
        options,
    )
    for _ in range(100):
        address = money.financial_addresses.retrieve(address.id, {}, options)
        if address.status == "active":
            break
        time.sleep(0.1)
    helpers = money.test_helpers.financial_addresses
    simulated = helpers.credit(
        address.id, {"amount": {"value": 1000, "currency": "usd"}, "network": "ach"}, options
    )
    intent = money.outbound_setup_intents.create(
        {
            "usage_intent": "transfer",
            "payout_method_data": {
                "type": "bank_account",
                "bank_account": {
                    "country": "US",
                    "currency": "usd",
                    "account_number": "000123456789",
                    "routing_number": "110000000",
                },
            },
        },
        options,
    )
    return source.id, target.id, simulated.status, intent.payout_method.id


def main() -> dict[str, Any]:
    """Open, fund, send, spend time, and look at what the ledger tells."""
    given = json.load(sys.stdin)
    client: Any = stripe.StripeClient(
        given["key"], base_addresses={"api": given["base"]}, max_network_retries=0
    )
    options: Any = {"stripe_account": given["account"]}
    money = client.v2.money_management
    source, target, simulated, method = furnished(money, options)
    sent = [
        money.outbound_transfers.create(
            {
                "from": {"financial_account": source, "currency": "usd"},
                "to": {"payout_method": to, "currency": "usd"},
                "amount": {"value": value, "currency": "usd"},
            },
            options,
        )
        for to, value in ((target, 300), (method, 200))
    ]
    canceled = money.outbound_transfers.cancel(sent[1].id, {}, options)
    try:
        money.financial_accounts.close(source, {}, options)
        refusal = ""
    except stripe.StripeError as error:
        refusal = type(error).__name__
    kept = money.financial_accounts.retrieve(source, {}, options).balance
    told = money.transactions.list({"financial_account": source}, options).data
    return {
        "release": stripe.VERSION,
        "simulated": simulated,
        "sent": [one.status for one in sent],
        "from": sent[0].from_.debited.value,
        "canceled": canceled.status,
        "refusal": refusal,
        "available": kept.available["usd"].value,
        "told": [(one.category, one.status, one.amount.value) for one in told],
        "listed": [one.id for one in money.financial_accounts.list({"limit": 1}, options).data],
        "target": target,
    }


if __name__ == "__main__":
    json.dump(main(), sys.stdout)
