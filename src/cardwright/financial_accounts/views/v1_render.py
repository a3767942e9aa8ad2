"""From the records of financial accounts to their v1 face: pure."""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import UNSET

from cardwright.financial_accounts.record import transactions as views
from cardwright.financial_accounts.record.model import (
    FinancialAccount,
    FinancialAddress,
    ReceivedCredit,
    ReceivedDebit,
    Restrictions,
)
from cardwright.financial_accounts.record.movements import (
    CreditReversal,
    DebitReversal,
    InboundTransfer,
    OutboundPayment,
    OutboundTransfer,
    TreasuryInbound,
    TreasuryOutbound,
)
from cardwright.financial_accounts.record.sources import moved_by, transaction_id
from cardwright.financial_accounts.views.features import FEATURES, detail_of, features_of
from cardwright.financial_accounts.views.v1_objects import (
    AbaAddress,
    Address,
    Amounts,
    Billing,
    ClosedReasons,
    CompletedTransitions,
    CreditFlows,
    DebitFlows,
    DestinationBank,
    DestinationDetails,
    FailureDetails,
    Impact,
    InboundTransitions,
    Initiating,
    OriginDetails,
    OtherAccount,
    OtherBank,
    OutboundTransitions,
    PostedTransitions,
    ReturnedDetails,
    ReversalDetails,
    StatusDetails,
    TransactionTransitions,
    TreasuryAccount,
    TreasuryCredit,
    TreasuryCreditReversal,
    TreasuryDebit,
    TreasuryDebitReversal,
    TreasuryEntry,
    TreasuryInboundTransfer,
    TreasuryOutboundPayment,
    TreasuryOutboundTransfer,
    TreasuryTransaction,
)
from cardwright.kernel import clock
from cardwright.wire.resource import Currency, Moment, Timestamp

# Until when a bank takes a payment back.
REVERSIBLE_MS = 2 * clock.DAY_MS
NETWORKS = ["ach", "us_domestic_wire"]
# Reasons of v2 in the words of v1; what is not here is "other".
CREDIT_FAILURES = {
    "capability_inactive": "account_frozen",
    "financial_address_inactive": "account_closed",
    "stripe_rejected": "account_frozen",
}
DEBIT_FAILURES = {**CREDIT_FAILURES, "insufficient_funds": "insufficient_funds"}
RETURNS = {
    "payout_method_closed": "account_closed",
    "payout_method_currency_unsupported": "invalid_currency",
    "payout_method_declined": "declined",
    "payout_method_does_not_exist": "no_account",
    "payout_method_holder_name_incorrect": "incorrect_account_holder_name",
    "payout_method_invalid_account_number": "invalid_account_number",
    "payout_method_restricted": "bank_account_restricted",
}
RETURN_REASONS = {code: reason for reason, code in RETURNS.items()}
FLOW_TYPES = {
    "issuing_transaction": "received_debit",
    "treasury_credit_reversal": "credit_reversal",
    "treasury_debit_reversal": "debit_reversal",
    "adjustment": "other",
}
ENTRY_TYPES = {
    "adjustment": "other",
    "inbound_transfer_failure": "inbound_transfer_return",
    "issuing_transaction": "received_debit",
}


def seconds(at: Moment) -> Timestamp:
    """An instant as v1 prints it."""
    return Timestamp(clock.parse_rfc3339(at) // 1000)


def maybe(at: Moment | None) -> Timestamp | None:
    """The same of an instant that may not have come."""
    return seconds(at) if at is not None else None


def account(
    one: FinancialAccount, addresses: Iterable[FinancialAddress], standing: str
) -> TreasuryAccount:
    """A financial account with its balance; ``standing`` is how its owner stands with the
    capability."""
    face = one.treasury
    assert face is not None, "v1 shows treasury accounts alone"
    details = {name: detail_of(one, name, standing) for name in FEATURES if name in face.features}
    by_status = {
        status: [name for name, feature in details.items() if feature.status == status]
        for status in ("active", "pending", "restricted")
    }
    kept = {
        name: {currency: amount.value for currency, amount in bucket.items()}
        for name, bucket in (
            ("cash", one.balance.available),
            ("inbound_pending", one.balance.inbound_pending),
            ("outbound_pending", one.balance.outbound_pending),
        )
    }
    closed = None
    if one.status_details is not None and one.status_details.closed is not None:
        closed = ClosedReasons(reasons=["closed_by_platform"])
    return TreasuryAccount(
        id=one.id,
        active_features=by_status["active"],
        balance=Amounts(**kept),
        country=one.country,
        created=seconds(one.created),
        display_name=one.display_name,
        features=features_of(one, standing),
        financial_addresses=[found for each in addresses if (found := _address(each)) is not None],
        livemode=one.livemode,
        metadata=one.metadata,
        nickname=face.nickname,
        pending_features=by_status["pending"],
        platform_restrictions=Restrictions(**msgspec.structs.asdict(face.restrictions)),
        restricted_features=by_status["restricted"],
        status="closed" if one.status == "closed" else "open",
        status_details=StatusDetails(closed=closed),
        supported_currencies=one.storage.holds_currencies,
    )


def _address(one: FinancialAddress) -> Address | None:
    bank = one.bank_account
    if bank is None or isinstance(bank.aba, msgspec.UnsetType):
        return None
    aba = AbaAddress(
        account_holder_name=bank.aba.account_holder_name,
        account_number=bank.aba.account_number,
        account_number_last4=bank.aba.last4,
        bank_name=bank.aba.bank_name,
        routing_number=bank.aba.routing_number,
    )
    return Address(aba=aba, supported_networks=NETWORKS)


def credit(one: ReceivedCredit) -> TreasuryCredit:
    """A received credit."""
    initiating, network = _sender(one)
    flows = CreditFlows(credit_reversal=one.reversal)
    if not isinstance(one.balance_transfer, msgspec.UnsetType):
        source = one.balance_transfer
        flows.source_flow = source.outbound_payment or source.outbound_transfer
        flows.source_flow_type = source.type
    if not isinstance(one.card_spend, msgspec.UnsetType) and one.card_spend.refund is not None:
        flows.issuing_authorization = one.authorization
        flows.issuing_transaction = one.card_spend.refund.issuing_transaction_v1
    failed = one.status == "failed"
    return TreasuryCredit(
        id=one.id,
        amount=one.amount.value,
        created=seconds(one.created),
        currency=one.amount.currency,
        description=one.description or "",
        failure_code=_failure(one, CREDIT_FAILURES),
        financial_account=one.financial_account,
        initiating_payment_method_details=initiating,
        linked_flows=flows,
        livemode=one.livemode,
        network=network,
        reversal_details=_reversal(one, network) if not failed else None,
        status="failed" if failed else "succeeded",
        transaction=None if failed else transaction_id(moved_by(one)),
    )


def _sender(one: ReceivedCredit) -> tuple[Initiating, str]:
    if not isinstance(one.balance_transfer, msgspec.UnsetType):
        return Initiating(type="stripe"), "stripe"
    if not isinstance(one.card_spend, msgspec.UnsetType):
        return Initiating(type="issuing_card", issuing_card=one.card_spend.card_v1_id), "card"
    assert not isinstance(one.bank_transfer, msgspec.UnsetType), "a credit came somehow"
    origin = one.bank_transfer.originating_bank_account.aba
    if isinstance(origin, msgspec.UnsetType):
        return Initiating(type="us_bank_account", us_bank_account=OtherBank()), "ach"
    bank = OtherBank(
        bank_name=origin.bank_name, last4=origin.last4, routing_number=origin.routing_number
    )
    billing = Billing(name=origin.account_holder_name)
    initiating = Initiating(type="us_bank_account", us_bank_account=bank, billing_details=billing)
    return initiating, origin.network


def _failure(one: ReceivedCredit | ReceivedDebit, words: dict[str, str]) -> str | None:
    if one.status_details is None or isinstance(one.status_details.failed, msgspec.UnsetType):
        return None
    return words.get(one.status_details.failed.reason, "other")


def _reversal(one: ReceivedCredit | ReceivedDebit, network: str) -> ReversalDetails:
    """Until when it can be taken back; cards and wires cannot."""
    if network not in ("ach", "stripe"):
        return ReversalDetails(restricted_reason="network_restricted")
    deadline = Timestamp((clock.parse_rfc3339(one.created) + REVERSIBLE_MS) // 1000)
    reason = "already_reversed" if one.reversal is not None else None
    return ReversalDetails(deadline=deadline, restricted_reason=reason)


def debit(one: ReceivedDebit) -> TreasuryDebit:
    """A received debit."""
    flows = DebitFlows(debit_reversal=one.reversal)
    if isinstance(one.card_spend, msgspec.UnsetType):
        network = "ach"
        bank = UNSET if isinstance(one.bank_transfer, msgspec.UnsetType) else one.bank_transfer
        taker = UNSET if isinstance(bank, msgspec.UnsetType) else bank.us_bank_account
        other = OtherBank()
        if not isinstance(taker, msgspec.UnsetType):
            other = OtherBank(
                bank_name=taker.bank_name, last4=taker.last4, routing_number=taker.routing_number
            )
        initiating = Initiating(type="us_bank_account", us_bank_account=other)
    else:
        network, spend = "card", one.card_spend
        initiating = Initiating(type="issuing_card", issuing_card=spend.card_v1_id)
        flows.issuing_transaction = spend.card_transactions[0].issuing_transaction_v1
        if spend.authorization is not None:
            flows.issuing_authorization = spend.authorization.issuing_authorization_v1
    failed = one.status == "failed"
    return TreasuryDebit(
        id=one.id,
        amount=one.amount.value,
        created=seconds(one.created),
        currency=one.amount.currency,
        description=one.description or "",
        failure_code=_failure(one, DEBIT_FAILURES),
        financial_account=one.financial_account,
        initiating_payment_method_details=initiating,
        linked_flows=flows,
        livemode=one.livemode,
        network=network,
        reversal_details=_reversal(one, network) if not failed else None,
        status="failed" if failed else "succeeded",
        transaction=None if failed else transaction_id(moved_by(one)),
    )


def outbound(
    one: OutboundTransfer | OutboundPayment,
) -> TreasuryOutboundTransfer | TreasuryOutboundPayment:
    """A transfer or payment."""
    face = one.treasury or TreasuryOutbound()
    to, place = one.to.payout_method, face.destination
    if to is not None and to.startswith(FinancialAccount.prefix):
        details = DestinationDetails(
            billing_details=place.billing_details,
            financial_account=OtherAccount(id=to),
            type="financial_account",
        )
    else:
        bank = DestinationBank(
            account_holder_type=place.account_holder_type,
            account_type=place.account_type,
            bank_name=place.bank_name,
            last4=place.last4,
            network=place.network,
            routing_number=place.routing_number,
        )
        details = DestinationDetails(
            billing_details=place.billing_details, type="us_bank_account", us_bank_account=bank
        )
    is_account = details.type == "financial_account"
    common: dict[str, Any] = {
        "id": one.id,
        "amount": one.amount.value,
        "cancelable": one.cancelable,
        "created": seconds(one.created),
        "currency": one.amount.currency,
        "description": one.description,
        "destination_payment_method": None if is_account else to,
        "destination_payment_method_details": details,
        "expected_arrival_date": seconds(one.expected_arrival_date or one.created),
        "financial_account": one.financial_account,
        "livemode": one.livemode,
        "metadata": one.metadata,
        "returned_details": _returned(one, face),
        "statement_descriptor": one.statement_descriptor,
        "status": one.status,
        "status_transitions": OutboundTransitions(
            canceled_at=maybe(one.status_transitions.canceled_at),
            failed_at=maybe(one.status_transitions.failed_at),
            posted_at=maybe(one.status_transitions.posted_at),
            returned_at=maybe(one.status_transitions.returned_at),
        ),
        "tracking_details": face.tracking_details,
        "transaction": transaction_id(one.id),
    }
    if isinstance(one, OutboundTransfer):
        return TreasuryOutboundTransfer(**common)
    return TreasuryOutboundPayment(
        **common,
        customer=face.customer,
        end_user_details=face.end_user_details,
        purpose=one.purpose,
    )


def _returned(
    one: OutboundTransfer | OutboundPayment, face: TreasuryOutbound
) -> ReturnedDetails | None:
    if one.status != "returned" or one.status_details is None:
        return None
    reason = one.status_details.returned
    code = "other" if isinstance(reason, msgspec.UnsetType) else RETURNS.get(reason.reason, "other")
    return ReturnedDetails(
        code=code, transaction=face.returned_transaction or transaction_id(one.id)
    )


def inbound(one: InboundTransfer) -> TreasuryInboundTransfer:
    """A transfer that is pulled in."""
    place = (one.treasury or TreasuryInbound()).origin
    bank = DestinationBank(
        account_holder_type=place.account_holder_type,
        account_type=place.account_type,
        bank_name=place.bank_name,
        last4=place.last4,
        network="ach",
        routing_number=place.routing_number,
    )
    failed = one.status == "failed"
    return TreasuryInboundTransfer(
        id=one.id,
        amount=one.amount.value,
        cancelable=one.status == "processing",
        created=seconds(one.created),
        currency=one.amount.currency,
        description=one.description,
        failure_details=FailureDetails(code=one.outcome_reason or "other") if failed else None,
        financial_account=one.financial_account,
        livemode=one.livemode,
        metadata=one.metadata,
        origin_payment_method=one.payment_method,
        origin_payment_method_details=OriginDetails(us_bank_account=bank),
        returned=one.returned,
        statement_descriptor=one.statement_descriptor or "transfer",
        status=one.status,
        status_transitions=InboundTransitions(
            canceled_at=maybe(one.status_transitions.canceled_at),
            failed_at=maybe(one.status_transitions.failed_at),
            succeeded_at=maybe(one.status_transitions.succeeded_at),
        ),
        transaction=transaction_id(one.id),
    )


def credit_reversal(one: CreditReversal) -> TreasuryCreditReversal:
    """A received credit, sent back."""
    return TreasuryCreditReversal(
        id=one.id,
        amount=one.amount.value,
        created=seconds(one.created),
        currency=one.amount.currency,
        financial_account=one.financial_account,
        livemode=one.livemode,
        metadata=one.metadata,
        network=one.network,
        received_credit=one.received_credit,
        status=one.status,
        status_transitions=PostedTransitions(posted_at=maybe(one.status_transitions.posted_at)),
        transaction=transaction_id(one.id),
    )


def debit_reversal(one: DebitReversal) -> TreasuryDebitReversal:
    """A received debit, taken back."""
    return TreasuryDebitReversal(
        id=one.id,
        amount=one.amount.value,
        created=seconds(one.created),
        currency=one.amount.currency,
        financial_account=one.financial_account,
        linked_flows={"issuing_dispute": one.dispute} if one.dispute is not None else None,
        livemode=one.livemode,
        metadata=one.metadata,
        network=one.network,
        received_debit=one.received_debit,
        status=one.status,
        status_transitions=CompletedTransitions(
            completed_at=maybe(one.status_transitions.succeeded_at)
        ),
        transaction=transaction_id(one.id),
    )


# What the ledger tells.


def _impact(one: views.Impact) -> Impact:
    return Impact(
        cash=one.available,
        inbound_pending=one.inbound_pending,
        outbound_pending=one.outbound_pending,
    )


def _flow_type(one: views.Impact) -> str:
    kind, _ = views.flow_of(one)
    if kind == "issuing_transaction" and one.available > 0:
        return "received_credit"
    return FLOW_TYPES.get(kind, kind)


def transaction(one: views.Transaction, *, livemode: bool) -> TreasuryTransaction:
    """A transaction."""
    ended = Timestamp(one.changed // 1000)
    return TreasuryTransaction(
        id=one.id,
        amount=one.amount,
        balance_impact=_impact(one),
        created=Timestamp(one.created // 1000),
        currency=Currency(one.currency),
        description=one.description or "",
        financial_account=one.financial_account,
        flow=one.source,
        flow_type=_flow_type(one),
        livemode=livemode,
        status="open" if one.status == "pending" else one.status,
        status_transitions=TransactionTransitions(
            posted_at=ended if one.status == "posted" else None,
            void_at=ended if one.status == "void" else None,
        ),
    )


def entry(one: views.Entry, *, livemode: bool) -> TreasuryEntry:
    """One movement of a transaction."""
    kind = ENTRY_TYPES.get(one.reason, one.reason)
    if one.reason == "issuing_transaction" and one.available > 0:
        kind = "received_credit"
    return TreasuryEntry(
        id=one.id,
        balance_impact=_impact(one),
        created=Timestamp(one.created // 1000),
        currency=Currency(one.currency),
        effective_at=Timestamp(one.created // 1000),
        financial_account=one.financial_account,
        flow=one.source,
        flow_type=_flow_type(one),
        livemode=livemode,
        transaction=one.transaction,
        type=kind,
    )
