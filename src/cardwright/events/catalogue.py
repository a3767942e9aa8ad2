"""Every type of event, as data, with the object it is about (source: Events API, v1 and v2).

A v1 type carries a snapshot of an object; its v2 face is the thin event ``v1.`` and the same
name. A v2 type exists only as a thin event.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


def _types(tag: str, names: str) -> dict[str, str]:
    """``balance: available created`` as types of one tag."""
    head, _, tails = names.partition(": ")
    return {f"{head}.{tail}": tag for tail in tails.split()}


# v1: type -> tag of the object in its snapshot.
V1: Mapping[str, str] = {
    **_types("account", "account: updated"),
    **_types("bank_account", "account.external_account: created deleted updated"),
    **_types("account_notice", "account_notice: created updated"),
    **_types("balance", "balance: available"),
    **_types("capability", "capability: updated"),
    **_types("file", "file: created"),
    **_types(
        "issuing.authorization",
        "issuing_authorization: created request updated",
    ),
    **_types("issuing.card", "issuing_card: created updated"),
    **_types("issuing.cardholder", "issuing_cardholder: created updated"),
    **_types("issuing.credit_policy", "issuing_credit_policy: created updated"),
    **_types(
        "issuing.dispute",
        "issuing_dispute: closed created funds_reinstated funds_rescinded submitted updated",
    ),
    **_types(
        "issuing.dispute_settlement_detail", "issuing_dispute_settlement_detail: created updated"
    ),
    **_types("issuing.fraud_liability_debit", "issuing_fraud_liability_debit: created"),
    **_types("issuing.funding_obligation", "issuing_funding_obligation: created updated"),
    **_types(
        "issuing.personalization_design",
        "issuing_personalization_design: activated deactivated rejected updated",
    ),
    **_types("issuing.settlement", "issuing_settlement: created updated"),
    **_types("issuing.token", "issuing_token: created updated"),
    **_types(
        "issuing.transaction",
        "issuing_transaction: created purchase_details_receipt_updated updated",
    ),
    **_types("payout", "payout: canceled created failed paid reconciliation_completed updated"),
    **_types("person", "person: created deleted updated"),
    **_types("test_helpers.test_clock", "test_helpers.test_clock: advancing created deleted"),
    **_types("test_helpers.test_clock", "test_helpers.test_clock: internal_failure ready"),
    **_types("topup", "topup: canceled created failed reversed succeeded"),
    **_types("transfer", "transfer: created reversed updated"),
    **_types("treasury.credit_reversal", "treasury.credit_reversal: created posted"),
    **_types(
        "treasury.debit_reversal",
        "treasury.debit_reversal: completed created initial_credit_granted",
    ),
    **_types(
        "treasury.financial_account",
        "treasury.financial_account: closed created features_status_updated",
    ),
    **_types(
        "treasury.inbound_transfer",
        "treasury.inbound_transfer: canceled created failed succeeded",
    ),
    **_types(
        "treasury.outbound_payment",
        "treasury.outbound_payment: canceled created expected_arrival_date_updated failed posted "
        "returned tracking_details_updated",
    ),
    **_types(
        "treasury.outbound_transfer",
        "treasury.outbound_transfer: canceled created expected_arrival_date_updated failed posted "
        "returned tracking_details_updated",
    ),
    **_types("treasury.received_credit", "treasury.received_credit: created failed succeeded"),
    **_types("treasury.received_debit", "treasury.received_debit: created"),
}

_ACCOUNT = "v2.core.account"
CONFIGURATIONS = (
    "card_creator",
    "customer",
    "merchant",
    "money_manager",
    "recipient",
    "storer",
)
_PARTS = ("defaults", "future_requirements", "identity", "requirements")
_MONEY = "v2.money_management"

# v2: type -> tag of the related object, None where there is none.
V2: Mapping[str, str | None] = {
    **_types(_ACCOUNT, f"{_ACCOUNT}: closed created updated"),
    **{f"{_ACCOUNT}[configuration.{name}].updated": _ACCOUNT for name in CONFIGURATIONS},
    **{
        f"{_ACCOUNT}[configuration.{name}].capability_status_updated": _ACCOUNT
        for name in CONFIGURATIONS
    },
    **{f"{_ACCOUNT}[{part}].updated": _ACCOUNT for part in _PARTS},
    **_types("v2.core.account_person", "v2.core.account_person: created deleted updated"),
    "v2.core.account_link.returned": None,
    "v2.core.event_destination.ping": "v2.core.event_destination",
    **{
        f"v2.core.health.issuing_authorization_request_{problem}.{state}": None
        for problem in ("errors", "timeout")
        for state in ("firing", "resolved")
    },
    # Ours alone: the public API tells of it outside of its events.
    **{f"v2.cardwright.issuing_balance_low.{state}": None for state in ("firing", "resolved")},
    **_types(f"{_MONEY}.financial_account", f"{_MONEY}.financial_account: created updated"),
    **_types(f"{_MONEY}.financial_address", f"{_MONEY}.financial_address: activated failed"),
    **_types(
        f"{_MONEY}.inbound_transfer",
        f"{_MONEY}.inbound_transfer: available bank_debit_failed bank_debit_processing "
        "bank_debit_queued bank_debit_returned bank_debit_succeeded",
    ),
    **_types(
        f"{_MONEY}.outbound_payment",
        f"{_MONEY}.outbound_payment: canceled created failed posted returned updated",
    ),
    **_types(
        f"{_MONEY}.outbound_transfer",
        f"{_MONEY}.outbound_transfer: canceled created failed posted returned updated",
    ),
    **_types(
        f"{_MONEY}.received_credit",
        f"{_MONEY}.received_credit: available failed returned succeeded",
    ),
    **_types(
        f"{_MONEY}.received_debit",
        f"{_MONEY}.received_debit: canceled failed pending succeeded updated",
    ),
    **_types(f"{_MONEY}.transaction", f"{_MONEY}.transaction: created updated"),
}

# What no bank here ever says of a financial account.
_UNSAID = frozenset(
    {
        "treasury.outbound_payment.expected_arrival_date_updated",
        "treasury.outbound_transfer.expected_arrival_date_updated",
        f"{_MONEY}.received_debit.canceled",
        f"{_MONEY}.received_debit.pending",
        f"{_MONEY}.received_debit.updated",
    }
)

# What is emitted today; the other types are known so that receivers may already ask for them.
EMITTED = frozenset(
    {
        "account.external_account.created",
        "account.external_account.deleted",
        "account.external_account.updated",
        "account.updated",
        "account_notice.created",
        "account_notice.updated",
        "balance.available",
        "capability.updated",
        "file.created",
        "issuing_authorization.created",
        "issuing_authorization.updated",
        "issuing_card.created",
        "issuing_card.updated",
        "issuing_cardholder.created",
        "issuing_cardholder.updated",
        "issuing_credit_policy.created",
        "issuing_credit_policy.updated",
        "issuing_dispute.closed",
        "issuing_dispute.created",
        "issuing_dispute.funds_reinstated",
        "issuing_dispute.funds_rescinded",
        "issuing_dispute.submitted",
        "issuing_dispute.updated",
        "issuing_funding_obligation.created",
        "issuing_funding_obligation.updated",
        "issuing_personalization_design.activated",
        "issuing_personalization_design.deactivated",
        "issuing_personalization_design.rejected",
        "issuing_personalization_design.updated",
        "issuing_token.created",
        "issuing_token.updated",
        "issuing_transaction.created",
        "issuing_transaction.purchase_details_receipt_updated",
        "issuing_transaction.updated",
        "person.created",
        "person.deleted",
        "person.updated",
        "test_helpers.test_clock.advancing",
        "test_helpers.test_clock.created",
        "test_helpers.test_clock.deleted",
        "test_helpers.test_clock.internal_failure",
        "test_helpers.test_clock.ready",
        "payout.canceled",
        "payout.created",
        "payout.failed",
        "payout.paid",
        "payout.updated",
        "topup.canceled",
        "topup.created",
        "topup.failed",
        "topup.reversed",
        "topup.succeeded",
        "transfer.created",
        "transfer.reversed",
        "transfer.updated",
        # The configuration ``storer`` became ``money_manager``, and is told under that name.
        *(name for name in V2 if name.startswith(_ACCOUNT) and ".storer]" not in name),
        *(name for name in V2 if name.startswith(_MONEY) and name not in _UNSAID),
        *(name for name in V1 if name.startswith("treasury.") and name not in _UNSAID),
        "v2.core.event_destination.ping",
        *(name for name in V2 if name.startswith(("v2.core.health.", "v2.cardwright."))),
    }
)

PING = "v2.core.event_destination.ping"
# Asked of its receiver while the card payment waits: never delivered by the delivery loop.
REAL_TIME = "issuing_authorization.request"

# Where an object of a tag is read; the members of the object fill the braces.
URLS: Mapping[str, str] = {
    "account": "/v1/accounts/{id}",
    "account_notice": "/v1/account_notices/{id}",
    "bank_account": "/v1/accounts/{account}/external_accounts/{id}",
    "balance": "/v1/balance",
    "capability": "/v1/accounts/{account}/capabilities/{id}",
    "file": "/v1/files/{id}",
    "issuing.authorization": "/v1/issuing/authorizations/{id}",
    "issuing.card": "/v1/issuing/cards/{id}",
    "issuing.cardholder": "/v1/issuing/cardholders/{id}",
    "issuing.credit_policy": "/v1/issuing/credit_policies/{id}",
    "issuing.dispute": "/v1/issuing/disputes/{id}",
    "issuing.dispute_settlement_detail": "/v1/issuing/dispute_settlement_details/{id}",
    "issuing.fraud_liability_debit": "/v1/issuing/fraud_liability_debits/{id}",
    "issuing.funding_obligation": "/v1/issuing/funding_obligations/{id}",
    "issuing.personalization_design": "/v1/issuing/personalization_designs/{id}",
    "issuing.settlement": "/v1/issuing/settlements/{id}",
    "issuing.token": "/v1/issuing/tokens/{id}",
    "issuing.transaction": "/v1/issuing/transactions/{id}",
    "payout": "/v1/payouts/{id}",
    "person": "/v1/accounts/{account}/persons/{id}",
    "test_helpers.test_clock": "/v1/test_helpers/test_clocks/{id}",
    "topup": "/v1/topups/{id}",
    "transfer": "/v1/transfers/{id}",
    "treasury.credit_reversal": "/v1/treasury/credit_reversals/{id}",
    "treasury.debit_reversal": "/v1/treasury/debit_reversals/{id}",
    "treasury.financial_account": "/v1/treasury/financial_accounts/{id}",
    "treasury.inbound_transfer": "/v1/treasury/inbound_transfers/{id}",
    "treasury.outbound_payment": "/v1/treasury/outbound_payments/{id}",
    "treasury.outbound_transfer": "/v1/treasury/outbound_transfers/{id}",
    "treasury.received_credit": "/v1/treasury/received_credits/{id}",
    "treasury.received_debit": "/v1/treasury/received_debits/{id}",
    _ACCOUNT: "/v2/core/accounts/{id}",
    "v2.core.account_person": "/v2/core/accounts/{account}/persons/{id}",
    "v2.core.event_destination": "/v2/core/event_destinations/{id}",
    f"{_MONEY}.financial_account": "/v2/money_management/financial_accounts/{id}",
    f"{_MONEY}.financial_address": "/v2/money_management/financial_addresses/{id}",
    f"{_MONEY}.inbound_transfer": "/v2/money_management/inbound_transfers/{id}",
    f"{_MONEY}.outbound_payment": "/v2/money_management/outbound_payments/{id}",
    f"{_MONEY}.outbound_transfer": "/v2/money_management/outbound_transfers/{id}",
    f"{_MONEY}.received_credit": "/v2/money_management/received_credits/{id}",
    f"{_MONEY}.received_debit": "/v2/money_management/received_debits/{id}",
    f"{_MONEY}.transaction": "/v2/money_management/transactions/{id}",
}

_PART = re.compile(r"\[([a-z_.]+)\]")
# Public names of features that are not here, today's and those of earlier versions: existing
# applications subscribe to them too, and nothing is ever delivered for them.
FOREIGN = frozenset(Path(__file__).with_name("foreign_names.txt").read_text().split())


class Related(NamedTuple):
    """The object that a thin event is about."""

    id: str
    type: str
    url: str


def is_v2(event_type: str) -> bool:
    """Whether the type exists as a thin event only."""
    return event_type.startswith("v2.")


def tag_of(event_type: str) -> str | None:
    """The tag of the object an event of this type is about; an unknown type asserts."""
    assert event_type in V1 or event_type in V2, f"no event type {event_type}"
    return V1[event_type] if event_type in V1 else V2[event_type]


def related(event_type: str, body: Mapping[str, object]) -> Related | None:
    """The related object of an event, from the object's body."""
    tag = tag_of(event_type)
    if tag is None:
        return None
    url = URLS[tag].format_map({name: value for name, value in body.items() if value is not None})
    part = _PART.search(event_type)
    if part is not None:
        url += f"?include={part.group(1)}"
    return Related(str(body.get("id", "")), tag, url)


def is_mentioned(event_type: str, source: str) -> bool:
    """Whether source text has the type between quotes; parts of a v2 type may be composed."""
    if not is_v2(event_type):
        return f'"{event_type}"' in source
    head, _, ending = event_type.rpartition(".")
    name, _, part = head.removesuffix("]").partition("[")
    pattern = rf'"(?:{re.escape(name)}|{{\w+}})'
    if part:
        kind, dot, _ = part.rpartition(".")
        pattern += rf"\[(?:{re.escape(part)}|{re.escape(kind + dot)}{{[\w.]+}})\]"
    return re.search(rf'{pattern}\.(?:{re.escape(ending)}|{{\w+}})"', source) is not None


def is_v1_name(name: str) -> bool:
    """Whether a v1 endpoint may ask for ``name``: what is in no public catalogue is a slip."""
    return name in V1 or name in FOREIGN


def is_thin_name(name: str) -> bool:
    """Whether a destination of thin events may ask for ``name``."""
    if name.startswith("v1."):
        return is_v1_name(name.removeprefix("v1."))
    return name in V2
