"""The journey itself: each step calls the product through the official SDK and checks the answer.

The SDK decides what is typed: the preview release has ``issuing.programs``; with the stable one
that call goes through its ``raw_request``. Nothing but the base address is changed.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import stripe

from demo.receiver import Receiver

ACCOUNTS: Any = {"stripe_version": "2025-09-30.preview"}
PROGRAMS = "2026-05-27.preview; issuing_program_beta=v2"
FUNDED, AUTHORIZED, CAPTURED = 10_000, 3_000, 2_500


class Wrong(Exception):  # noqa: N818 - a finding about the product, not a defect of the demo
    """An answer that is not what the contract says."""


class Step(NamedTuple):
    """What was done and what came of it, in words."""

    title: str
    outcome: str


def expect(found: Any, wanted: Any, what: str) -> None:
    """Stop the journey when an answer is not what the contract says."""
    if found != wanted:
        raise Wrong(f"{what}: expected {wanted!r}, got {found!r}")


def money(amount_minor: int) -> str:
    """Pounds, as people write them."""
    return f"{'-' if amount_minor < 0 else ''}£{abs(amount_minor) / 100:.2f}"


class Journey:
    """From nothing to an approved card payment, and what the ledger says of it."""

    def __init__(self, base: str, secret_key: str, receiver: Receiver) -> None:
        self.sdk = stripe.StripeClient(
            secret_key, base_addresses={"api": base, "files": base, "connect": base}
        )
        self.receiver = receiver
        self.created: dict[str, str] = {}
        self.account = ""
        self.program = ""
        self.cardholder = ""
        self.card = ""
        self.authorization = ""

    def steps(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """The steps in order, each a title and what to do."""
        yield "Listen for events", self.listen
        yield "Create a connected account", self.create_account
        yield "Attach a card program", self.attach_program
        yield "See what is missing", self.see_requirements
        yield "Send the documented test values", self.verify
        yield "Wait until issuing is active", self.wait_until_active
        yield "Fund the Issuing balance", self.fund
        yield "Create a cardholder", self.create_cardholder
        yield "Create a virtual card", self.create_card
        yield "Reveal its number", self.reveal_number
        yield "Authorize a payment", self.authorize
        yield "Capture it", self.capture
        yield "Decline what must be declined", self.decline
        yield "Read balance and statement", self.read_statement
        yield "Check that every event arrived", self.check_events

    @property
    def on_account(self) -> Any:
        """Options of a call on behalf of the connected account."""
        return {"stripe_account": self.account}

    def listen(self) -> str:
        """A v1 endpoint for connected accounts and a v2 destination for thin events."""
        endpoint = self.sdk.v1.webhook_endpoints.create(
            {"url": f"{self.receiver.url}/v1", "enabled_events": ["*"], "connect": True}
        )
        self.receiver.trust("/v1", str(endpoint.secret))
        destination = self.sdk.v2.core.event_destinations.create(
            {
                "name": "Demo",
                "type": "webhook_endpoint",
                "event_payload": "thin",
                "enabled_events": [
                    "v2.core.account[configuration.card_creator].capability_status_updated"
                ],
                "events_from": ["@self", "@accounts"],
                "webhook_endpoint": {"url": f"{self.receiver.url}/v2"},
                "include": ["webhook_endpoint.signing_secret"],
            },
            {"stripe_version": "2026-10-14.preview"},
        )
        assert destination.webhook_endpoint is not None
        self.receiver.trust("/v2", str(destination.webhook_endpoint.signing_secret))
        return f"{endpoint.id} and {destination.id}"

    def create_account(self) -> str:
        """An individual in Great Britain, exactly as the public guide sends it."""
        wanted: Any = {
            "include": ["configuration.card_creator", "configuration.recipient"],
            "contact_email": "test@example.com",
            "display_name": "John Smith",
            "identity": {"country": "gb", "entity_type": "individual"},
            "configuration": {
                "merchant": {
                    "mcc": "5045",
                    "statement_descriptor": {"descriptor": "test1"},
                    "support": {"phone": "7325460697"},
                },
                "card_creator": {
                    "capabilities": {"commercial": {"stripe": {"charge_card": {"requested": True}}}}
                },
                "recipient": {
                    "capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}
                },
            },
            "dashboard": "none",
            "defaults": {
                "currency": "gbp",
                "responsibilities": {
                    "fees_collector": "application",
                    "losses_collector": "application",
                },
            },
        }
        account: Any = self.sdk.v2.core.accounts.create(wanted, ACCOUNTS)
        self.account = self.created["account"] = account.id
        charge_card = account.configuration.card_creator.capabilities.commercial.stripe.charge_card
        expect(charge_card.status, "restricted", "status of a new capability")
        expect(charge_card.status_details[0].code, "requirements_past_due", "and why")
        return f"{account.id}: charge_card is {charge_card.status}"

    def attach_program(self) -> str:
        """One of the platform's own programs, as the account's default."""
        listed = self._programs("get", {})
        own = next(one for one in listed["data"] if self._is_for_account(one))
        made = self._programs(
            "post", {"platform_program": own["id"], "is_default": "true"}, account=self.account
        )
        self.program = self.created["program"] = made["id"]
        return f"{made['id']} from {own['id']}"

    def _is_for_account(self, program: Any) -> bool:
        region = program["metadata"].to_dict().get("region")
        return bool(region == "GB")

    def _programs(self, method: str, params: dict[str, str], account: str | None = None) -> Any:
        options: dict[str, Any] = {"stripe_version": PROGRAMS}
        if account is not None:
            options["stripe_account"] = account
        if hasattr(self.sdk.v1.issuing, "programs"):
            programs = self.sdk.v1.issuing.programs
            call = programs.list if method == "get" else programs.create
            return call({**params, "is_default": True} if params else {}, options)
        response = self.sdk.raw_request(method, "/v1/issuing/programs", **params, **options)
        return self.sdk.deserialize(response, api_mode="V1")

    def see_requirements(self) -> str:
        """What the account still owes."""
        asked: Any = {"include": ["requirements", "configuration.card_creator"]}
        account: Any = self.sdk.v2.core.accounts.retrieve(
            self.account,
            asked,
            ACCOUNTS,
        )
        entries = account.requirements.entries
        if not entries:
            raise Wrong("a new account owes nothing")
        return f"{len(entries)} entries, the first is {entries[0].description}"

    def verify(self) -> str:
        """Through the v1 face: the same record, with values that verify at once."""
        acceptance: Any = {"date": int(time.time()), "ip": "192.168.123.132"}
        changes: Any = {
            "business_type": "individual",
            "business_profile": {
                "mcc": "5045",
                "url": "https://accessible.stripe.com",
                "estimated_worker_count": 1,
                "annual_revenue": {
                    "amount": 1_000_000,
                    "currency": "gbp",
                    "fiscal_year_end": "2025-12-31",
                },
            },
            "individual": {
                "first_name": "John",
                "last_name": "Smith",
                "dob": {"day": 1, "month": 1, "year": 1902},
                "email": "test@example.com",
                "phone": "0000000000",
                "address": {
                    "line1": "address_full_match",
                    "city": "London",
                    "postal_code": "SW1A 1AA",
                    "country": "GB",
                },
            },
            "tos_acceptance": acceptance,
            "settings": {"card_issuing": {"tos_acceptance": acceptance}},
        }
        account = self.sdk.v1.accounts.update(self.account, changes)
        issuing = account.to_dict()["capabilities"].get("card_issuing")
        return f"the v1 face says card_issuing is {issuing}"

    def wait_until_active(self) -> str:
        """The evaluation of stored facts, and nothing else, makes a capability active."""
        asked: Any = {"include": ["configuration.card_creator", "requirements"]}
        for _ in range(100):
            account: Any = self.sdk.v2.core.accounts.retrieve(
                self.account,
                asked,
                ACCOUNTS,
            )
            commercial = account.configuration.card_creator.capabilities.commercial
            if commercial.stripe.charge_card.status == "active":
                return "charge_card is active"
            time.sleep(0.1)
        owed = [entry.description for entry in account.requirements.entries]
        raise Wrong(f"charge_card is {commercial.stripe.charge_card.status}; owed: {owed}")

    def fund(self) -> str:
        """Test money, booked double-entry from the first penny."""
        self.sdk.raw_request(
            "post",
            "/v1/test_helpers/issuing/fund_balance",
            amount=str(FUNDED),
            currency="gbp",
            stripe_account=self.account,
        )
        expect(self._available(), FUNDED, "Issuing balance after funding")
        return f"available {money(FUNDED)}"

    def _available(self) -> int:
        balance = self.sdk.v1.balance.retrieve({}, self.on_account)
        assert balance.issuing is not None
        return sum(one.amount for one in balance.issuing.available if one.currency == "gbp")

    def create_cardholder(self) -> str:
        """Who the card is for."""
        wanted: Any = {
            "name": "Jenny Rosen",
            "type": "individual",
            "email": "jenny.rosen@example.com",
            "phone_number": "+447325460697",
            "individual": {"first_name": "Jenny", "last_name": "Rosen"},
            "billing": {
                "address": {
                    "line1": "address_full_match",
                    "city": "London",
                    "postal_code": "SW1A 1AA",
                    "country": "GB",
                }
            },
        }
        holder = self.sdk.v1.issuing.cardholders.create(wanted, self.on_account)
        self.cardholder = self.created["cardholder"] = holder.id
        return f"{holder.id} {holder.name}"

    def create_card(self) -> str:
        """A virtual card, active at once; bakeries are blocked."""
        card = self._new_card(
            status="active", spending_controls={"blocked_categories": ["bakeries"]}
        )
        self.card = self.created["card"] = card.id
        if hasattr(card, "number"):
            raise Wrong("the number is shown on create")
        return f"{card.id} ending in {card.last4}"

    def _new_card(self, **more: Any) -> Any:
        wanted: Any = {"cardholder": self.cardholder, "currency": "gbp", "type": "virtual", **more}
        return self.sdk.v1.issuing.cards.create(wanted, self.on_account)

    def reveal_number(self) -> str:
        """Only when expanded on retrieve, and only for a virtual card."""
        card = self.sdk.v1.issuing.cards.retrieve(
            self.card, {"expand": ["number", "cvc"]}, self.on_account
        )
        number = str(card.number)
        expect(number[-4:], card.last4, "last digits of the number")
        shown = f"{number[:4]} {number[4:6]}•• •••• {number[-4:]}"
        return f"{shown}, expires {card.exp_month:02d}/{card.exp_year}"

    def authorize(self) -> str:
        """A payment of 30.00 at a stationer."""
        decided = self._pay(
            self.card, AUTHORIZED, "stationery_stores_office_and_school_supply_stores"
        )
        expect(decided.approved, True, "approval of the payment")
        expect(decided.request_history[0].reason, "card_active", "reason of the approval")
        self.authorization = self.created["authorization"] = decided.id
        expect(self._available(), FUNDED - AUTHORIZED, "Issuing balance after the hold")
        return f"approved {money(AUTHORIZED)}, available {money(FUNDED - AUTHORIZED)}"

    def _pay(self, card: str, amount: int, category: str) -> Any:
        wanted: Any = {
            "card": card,
            "amount": amount,
            "merchant_data": {"category": category, "country": "GB", "name": "Rocket Rides"},
        }
        return self.sdk.v1.test_helpers.issuing.authorizations.create(wanted, self.on_account)

    def capture(self) -> str:
        """The merchant takes 25.00 of the 30.00; the rest is released."""
        captured = self.sdk.v1.test_helpers.issuing.authorizations.capture(
            self.authorization, {"capture_amount": CAPTURED}, self.on_account
        )
        expect(captured.status, "closed", "status after capture")
        expect([one.amount for one in captured.transactions], [-CAPTURED], "its transactions")
        self.created["transaction"] = captured.transactions[0].id
        expect(self._available(), FUNDED - CAPTURED, "Issuing balance after capture")
        return f"captured {money(CAPTURED)}, available {money(FUNDED - CAPTURED)}"

    def decline(self) -> str:
        """No funds, a blocked category, an inactive card."""
        inactive = self._new_card(status="inactive").id
        rich = self._new_card(status="active").id
        cases = (
            ("insufficient_funds", rich, 40_000, "book_stores"),
            ("spending_controls", self.card, 100, "bakeries"),
            ("card_inactive", inactive, 100, "book_stores"),
        )
        for reason, card, amount, category in cases:
            decided = self._pay(card, amount, category)
            expect(decided.approved, False, f"approval of {reason}")
            expect(decided.status, "closed", f"status of {reason}")
            expect(decided.request_history[0].reason, reason, "reason of the decline")
            expect(decided.balance_transactions, [], f"balance transactions of {reason}")
        expect(self._available(), FUNDED - CAPTURED, "Issuing balance after the declines")
        return ", ".join(case[0] for case in cases)

    def statement(self) -> list[Any]:
        """The balance transactions of the account, oldest first."""
        listed = self.sdk.v1.balance_transactions.list({"limit": 100}, self.on_account)
        return list(reversed(listed.data))

    def read_statement(self) -> str:
        """Every movement is there and adds up."""
        amounts = sorted(one.amount for one in self.statement())
        expect(amounts, [-AUTHORIZED, -CAPTURED, AUTHORIZED, FUNDED], "balance transactions")
        expect(sum(amounts), self._available(), "sum of the statement")
        return f"{len(amounts)} movements add up to {money(sum(amounts))}"

    def check_events(self) -> str:
        """Signed, on behalf of the account, each once."""
        counts = {
            "issuing_cardholder.created": 1,
            "issuing_card.created": 3,
            "issuing_authorization.created": 4,
            "issuing_authorization.updated": 1,
            "issuing_transaction.created": 1,
        }
        for event_type, count in counts.items():
            events = self.receiver.wait_for(event_type, count)
            expect(len(events), count, f"events of type {event_type}")
            expect({event.account for event in events}, {self.account}, "account of the events")
        thin = self.receiver.wait_for(
            "v2.core.account[configuration.card_creator].capability_status_updated"
        )
        if not thin:
            raise Wrong("no thin event said that the capability changed")
        expect(self.receiver.refused, [], "events with a wrong signature")
        return f"{len(self.receiver.snapshots)} snapshots, {len(self.receiver.thin)} thin events"
