"""``/v2/money_management``: money that goes out and is pulled in, and the places it can go to."""

from typing import Any

import msgspec

from cardwright.financial_accounts import refusals
from cardwright.financial_accounts.moves import inbound, outbound, payout_methods
from cardwright.financial_accounts.moves.outbound import Order
from cardwright.financial_accounts.moves.payout_methods import BankDetails
from cardwright.financial_accounts.operations.v2_common import (
    PATH,
    listed,
    lists,
    outbound_bounds,
    plain,
    reads,
    writes,
)
from cardwright.financial_accounts.operations.v2_shapes import (
    ChangedSetupIntent,
    CreatedList,
    NewGbBankAccount,
    NewInboundTransfer,
    NewOutboundPayment,
    NewOutboundTransfer,
    NewSetupIntent,
    NewUsBankAccount,
    OutboundList,
    OutboundPaymentList,
    PayoutMethodList,
)
from cardwright.financial_accounts.record.movements import (
    InboundTransfer,
    OutboundPayment,
    OutboundSetupIntent,
    OutboundTransfer,
    PayoutMethod,
    UsageStatus,
)
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.wire import instants, pages, rows
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.operation import Call, Operation
from cardwright.wire.render import render
from cardwright.wire.resource import Sealed
from cardwright.wire.versions import Body

VAULT = "/v2/core/vault"
BOTH = UsageStatus(payments="eligible", transfers="eligible")


# Out.


def order_of(call: Call[Any]) -> Order:
    """What a call wants to be sent."""
    given: dict[str, Any] = call.given.tree
    wanted = call.given.value()
    source = given["from"]
    if source["currency"] != wanted.amount.currency:
        fail(
            refusals.CURRENCY_NOT_CONVERTED, param="from.currency", currency=wanted.amount.currency
        )
    options = wanted.to.payout_method_options
    return Order(
        financial_account=source["financial_account"],
        given=given,
        payout_method=wanted.to.payout_method,
        to_currency=wanted.to.currency,
        recipient=getattr(wanted.to, "recipient", None),
        payout_method_options=msgspec.to_builtins(options) if options is not None else None,
    )


async def create_transfer(tx: Tx, call: Call[Any]) -> Body:
    """Send money to an own account."""
    return await plain(tx, call, await outbound.create_transfer(tx, order_of(call)))


async def create_payment(tx: Tx, call: Call[Any]) -> Body:
    """Send money to a recipient."""
    return await plain(tx, call, await outbound.create_payment(tx, order_of(call)))


async def cancel_transfer(tx: Tx, call: Call[Any]) -> Body:
    """Cancel a transfer that has not left."""
    return await plain(tx, call, await outbound.cancel(tx, OutboundTransfer, call.path["id"]))


async def cancel_payment(tx: Tx, call: Call[Any]) -> Body:
    """Cancel a payment that has not left."""
    return await plain(tx, call, await outbound.cancel(tx, OutboundPayment, call.path["id"]))


async def list_transfers(tx: Tx, call: Call[OutboundList]) -> pages.Page[Body]:
    """List outbound transfers, newest first."""
    return await listed(
        tx,
        call,
        OutboundTransfer,
        lambda one: render(one, call.version),
        created=outbound_bounds(call.given.tree),
        status=frozenset(call.given.get("status") or ()),
    )


async def list_payments(tx: Tx, call: Call[OutboundPaymentList]) -> pages.Page[Body]:
    """List outbound payments, newest first."""
    return await listed(
        tx,
        call,
        OutboundPayment,
        lambda one: render(one, call.version),
        created=outbound_bounds(call.given.tree),
        recipient=call.given.get("recipient"),
        status=frozenset(call.given.get("status") or ()),
    )


# In.


async def create_inbound(tx: Tx, call: Call[Any]) -> Body:
    """Pull money in from an own bank account."""
    given: dict[str, Any] = call.given.tree
    wanted = call.given.value()
    currency = wanted.amount.currency
    for name, asked in (("to", wanted.to.currency), ("from", given["from"].get("currency"))):
        if asked not in (None, currency):
            fail(refusals.CURRENCY_NOT_CONVERTED, param=f"{name}.currency", currency=currency)
    made = await inbound.create(
        tx,
        given,
        financial_account=wanted.to.financial_account,
        payment_method=given["from"]["payment_method"],
    )
    return await plain(tx, call, made)


async def list_inbound(tx: Tx, call: Call[CreatedList]) -> pages.Page[Body]:
    """List inbound transfers, newest first."""
    created = instants.as_texts(instants.of_texts(call.given.get("created")))
    return await listed(
        tx, call, InboundTransfer, lambda one: render(one, call.version), created=created
    )


# Places.


async def list_methods(tx: Tx, call: Call[PayoutMethodList]) -> pages.Page[Body]:
    """List payout methods, newest first."""
    usage = call.given.get("usage_status") or {}
    page = await listed(tx, call, PayoutMethod, lambda one: render(one, call.version))
    page.data = [
        body
        for body in page.data
        if all(not usage.get(name) or body["usage_status"][name] in usage[name] for name in usage)
    ]
    return page


async def archive_method(tx: Tx, call: Call[Any]) -> Body:
    """Archive a payout method."""
    done = await payout_methods.archive(tx, call.path["id"], archived=True)
    return await plain(tx, call, done)


async def unarchive_method(tx: Tx, call: Call[Any]) -> Body:
    """Use an archived payout method again."""
    done = await payout_methods.archive(tx, call.path["id"], archived=False)
    return await plain(tx, call, done)


async def disable_method(tx: Tx, call: Call[Any]) -> Body:
    """Disable a payout method."""
    return await plain(tx, call, await payout_methods.disable(tx, call.path["id"]))


async def show_intent(tx: Tx, call: Call[Any], intent: OutboundSetupIntent) -> Body:
    """A setup intent with its method whole."""
    body = render(intent, call.version)
    if intent.payout_method is not None:
        body["payout_method"] = render(
            await rows.get(tx, PayoutMethod, intent.payout_method), call.version
        )
    return body


async def create_intent(tx: Tx, call: Call[NewSetupIntent]) -> Body:
    """Add a place that money can go to."""
    method = await _method(tx, call)
    usage = call.given.get("usage_intent") or "payment"
    intent, _ = await payout_methods.set_up(tx, None, method, usage)
    return await show_intent(tx, call, intent)


async def update_intent(tx: Tx, call: Call[ChangedSetupIntent]) -> Body:
    """Give a setup intent its place."""
    before = await rows.lock(tx, OutboundSetupIntent, call.path["id"])
    if before.status in ("canceled", "succeeded"):
        fail(
            refusals.NOT_CANCELABLE,
            object="outbound setup intent",
            id=before.id,
            status=before.status,
        )
    method = await _method(tx, call)
    intent, _ = await payout_methods.set_up(tx, before, method, before.usage_intent)
    return await show_intent(tx, call, intent)


async def cancel_intent(tx: Tx, call: Call[Any]) -> Body:
    """Cancel a setup intent."""
    return await show_intent(tx, call, await payout_methods.cancel_setup(tx, call.path["id"]))


async def list_intents(tx: Tx, call: Call[Any]) -> pages.Page[Body]:
    """List setup intents, newest first."""
    page = await pages.list_page(
        tx.connection, OutboundSetupIntent, tx.account_id, None, call.page, cursor_param=False
    )
    bodies = [await show_intent(tx, call, one) for one in page.data]
    return pages.Page(bodies, page.has_more, page.request)


async def _method(tx: Tx, call: Call[Any]) -> PayoutMethod | None:
    """The method that a setup names, or the new one that it describes."""
    named, data = call.given.get("payout_method"), call.given.get("payout_method_data")
    if named is not None and data is not None:
        fail(refusals.PAYOUT_METHOD_TWICE, param="payout_method")
    if named is not None:
        return await rows.lock(tx, PayoutMethod, named, param="payout_method")
    if data is None:
        return None
    kind = data["type"]
    given = data.get(kind)
    if given is None:
        fail(wire_refusals.FIELD_MISSING, param=f"payout_method_data.{kind}")
    if kind == "card":
        return await payout_methods.add_card(
            tx,
            given["number"].reveal(),
            given["exp_month"].zfill(2),
            given["exp_year"],
            given["currency"],
            UsageStatus(),
        )
    details = BankDetails(
        country=given["country"],
        currency=given["currency"],
        number=given["account_number"].reveal(),
        routing_number=given.get("routing_number"),
        type=given.get("bank_account_type") or "checking",
        branch_number=given.get("branch_number"),
        swift_code=given.get("swift_code"),
        param="payout_method_data.bank_account",
    )
    return await payout_methods.add_bank_account(tx, details, UsageStatus())


# The vault's face of British and American bank accounts.


async def show_bank(_tx: Tx, _call: Call[Any], method: PayoutMethod) -> Body:
    """A payout method as the vault shows it."""
    bank = method.bank_account
    assert not isinstance(bank, msgspec.UnsetType), "the vault has bank accounts alone"
    body: Body = {
        "id": method.id,
        "object": f"v2.core.vault.{method.vault_type}",
        "alternative_reference": None,
        "archived": method.archived,
        "bank_account_type": bank.bank_account_type,
        "bank_name": bank.bank_name,
        "created": method.created,
        "last4": bank.last4,
        "livemode": method.livemode,
        "restricted": method.restricted,
        "supported_currencies": bank.supported_currencies,
    }
    if method.vault_type == "gb_bank_account":
        # Nobody is asked whose the account is.
        unasked = {"result": None, "status": "uninitiated"}
        return {**body, "confirmation_of_payee": unasked, "sort_code": bank.routing_number}
    return {
        **body,
        "fedwire_routing_number": None,
        "financial_connections_account": None,
        "routing_number": bank.routing_number,
        "verification": {"microdeposit_verification_details": None, "status": "unverified"},
    }


async def create_british(tx: Tx, call: Call[NewGbBankAccount]) -> Body:
    """Add a British bank account."""
    given = call.given
    number: Sealed | None = given.get("account_number") or given.get("iban")
    if number is None:
        fail(wire_refusals.FIELD_MISSING, param="account_number")
    details = BankDetails(
        country="GB",
        currency=given.get("currency"),
        number=number.reveal(),
        routing_number=given.get("sort_code"),
        type=given.get("bank_account_type") or "checking",
    )
    return await show_bank(tx, call, await payout_methods.add_bank_account(tx, details, BOTH))


async def create_american(tx: Tx, call: Call[NewUsBankAccount]) -> Body:
    """Add an American bank account."""
    given = call.given
    details = BankDetails(
        country="US",
        currency=given.get("currency"),
        number=given.get("account_number").reveal(),
        routing_number=given.get("routing_number"),
        type=given.get("bank_account_type") or "checking",
    )
    return await show_bank(tx, call, await payout_methods.add_bank_account(tx, details, BOTH))


async def archive_bank(tx: Tx, call: Call[Any]) -> Body:
    """Archive a bank account."""
    method = await rows.lock(tx, PayoutMethod, call.path["id"])
    _check_bank(call, method)
    return await show_bank(tx, call, await payout_methods.archive(tx, method.id, archived=True))


async def retrieve_bank(tx: Tx, call: Call[Any]) -> Body:
    """Retrieve a bank account."""
    method = await rows.get(tx, PayoutMethod, call.path["id"])
    _check_bank(call, method)
    return await show_bank(tx, call, method)


def _kind(call: Call[Any]) -> str:
    return call.operation.path.removeprefix(f"{VAULT}/").partition("/")[0].removesuffix("s")


def _check_bank(call: Call[Any], method: PayoutMethod) -> None:
    kind = _kind(call)
    if method.vault_type != kind:
        fail(wire_refusals.NOT_FOUND, object=kind.replace("_", " "), id=method.id)


async def list_banks(tx: Tx, call: Call[Any]) -> pages.Page[Body]:
    """List bank accounts of a kind, newest first."""
    page = await pages.list_page(
        tx.connection,
        PayoutMethod,
        tx.account_id,
        None,
        call.page,
        fixed={"vault_type": _kind(call)},
        cursor_param=False,
    )
    bodies = [await show_bank(tx, call, one) for one in page.data]
    return pages.Page(bodies, page.has_more, page.request)


def _vault(name: str, create: Any, takes: Any) -> tuple[Operation, ...]:
    path = f"{VAULT}/{name}"
    return (
        writes(path, create, PayoutMethod, takes, show_bank),
        Operation(method="GET", path=path, handler=list_banks, is_list=True),
        Operation(method="GET", path=f"{path}/{{id}}", handler=retrieve_bank),
        writes(f"{path}/{{id}}/archive", archive_bank, PayoutMethod, None, show_bank),
    )


TRANSFERS, PAYMENTS = f"{PATH}/outbound_transfers", f"{PATH}/outbound_payments"
METHODS, INTENTS = f"{PATH}/payout_methods", f"{PATH}/outbound_setup_intents"

OPERATIONS = (
    writes(TRANSFERS, create_transfer, OutboundTransfer, NewOutboundTransfer),
    lists("outbound_transfers", list_transfers, OutboundList),
    reads("outbound_transfers", OutboundTransfer),
    writes(f"{TRANSFERS}/{{id}}/cancel", cancel_transfer, OutboundTransfer),
    writes(PAYMENTS, create_payment, OutboundPayment, NewOutboundPayment),
    lists("outbound_payments", list_payments, OutboundPaymentList),
    reads("outbound_payments", OutboundPayment),
    writes(f"{PAYMENTS}/{{id}}/cancel", cancel_payment, OutboundPayment),
    writes(f"{PATH}/inbound_transfers", create_inbound, InboundTransfer, NewInboundTransfer),
    lists("inbound_transfers", list_inbound, CreatedList),
    reads("inbound_transfers", InboundTransfer),
    lists("payout_methods", list_methods, PayoutMethodList),
    reads("payout_methods", PayoutMethod),
    writes(f"{METHODS}/{{id}}/archive", archive_method, PayoutMethod),
    writes(f"{METHODS}/{{id}}/unarchive", unarchive_method, PayoutMethod),
    writes(f"{METHODS}/{{id}}/disable", disable_method, PayoutMethod),
    writes(INTENTS, create_intent, OutboundSetupIntent, NewSetupIntent, show_intent),
    lists("outbound_setup_intents", list_intents),
    reads("outbound_setup_intents", OutboundSetupIntent, show_intent),
    writes(
        f"{INTENTS}/{{id}}", update_intent, OutboundSetupIntent, ChangedSetupIntent, show_intent
    ),
    writes(f"{INTENTS}/{{id}}/cancel", cancel_intent, OutboundSetupIntent, None, show_intent),
    *_vault("gb_bank_accounts", create_british, NewGbBankAccount),
    *_vault("us_bank_accounts", create_american, NewUsBankAccount),
)
