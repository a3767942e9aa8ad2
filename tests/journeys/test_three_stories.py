"""What happens to an account weeks and months after it was made, told three times through the
official SDK in virtual time: the account reread, its notice, its email and its webhooks."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest
import stripe

from tests.support import processes
from tests.support.database import private_directory
from tests.support.mailbox import Letter, Mailbox, open_mailbox
from tests.support.receiver import Receiver, listening
from tests.support.spending import HOLDER
from tests.test_serve import keys_in

PREVIEW: Any = {"stripe_version": "2025-09-30.preview"}
NOTICES: Any = {"stripe_version": "2026-10-14.preview"}
PROGRAMS: Any = {"stripe_version": "2026-05-27.preview; issuing_program_beta=v2"}
INCLUDED: Any = {"include": ["requirements", "configuration.card_creator"]}
DAY = 86_400
BEGAN = 2_208_988_800  # 1 January 2040
# What the account itself is told of, in both families.
HEARD = ["account.updated", "account_notice.created", "account_notice.updated"]
HEARD += ["capability.updated", "issuing_card.updated"]
ISSUING_TERMS = "identity.attestations.terms_of_service.card_creator.commercial.account_holder"


@dataclass
class Stage:
    """A server with a mail server and a receiver of webhooks, and a platform that looks on."""

    client: stripe.StripeClient
    mailbox: Mailbox
    receiver: Receiver
    secret: str

    async def clock(self) -> str:
        """A clock that stands at the beginning and on which weeks are weeks."""
        clocks = self.client.v1.test_helpers.test_clocks
        wanted: Any = {"frozen_time": BEGAN, "timers": "live"}
        made = await asyncio.to_thread(clocks.create, wanted)
        return str(made.id)

    async def after(self, clock: str, seconds: int) -> None:
        """Let the clock show an instant that is so long after the beginning."""
        clocks = self.client.v1.test_helpers.test_clocks
        wanted: Any = {"frozen_time": BEGAN + seconds}
        await asyncio.to_thread(clocks.advance, clock, wanted)
        while True:
            found = await asyncio.to_thread(clocks.retrieve, clock)
            if found.status != "advancing":
                break
            await asyncio.sleep(0.1)
        assert (found.status, found.frozen_time) == ("ready", BEGAN + seconds)

    async def call(self, method: str, path: str, options: Any = NOTICES, **given: Any) -> Any:
        """What the SDK has no class for yet."""
        made = await asyncio.to_thread(self.client.raw_request, method, path, **options, **given)
        return self.client.deserialize(made, api_mode="V1").to_dict()

    async def account(self, clock: str, birth_year: int, email: str) -> str:
        """A person's account that asks for cards and says all that is asked."""
        accounts = self.client.v2.core.accounts
        given: Any = {**application(birth_year, email, BEGAN), "test_clock": clock}
        made = await asyncio.to_thread(accounts.create, given, PREVIEW)
        return made.id

    async def read(self, account: str) -> Any:
        """The account in v2."""
        accounts = self.client.v2.core.accounts
        return await asyncio.to_thread(accounts.retrieve, account, INCLUDED, PREVIEW)

    async def status(self, account: str) -> tuple[str, list[str]]:
        """Status and codes of the capability of cards, checked to be the same in v1."""
        found = await self.read(account)
        one = found.configuration.card_creator.capabilities.commercial.stripe.charge_card
        old: Any = await asyncio.to_thread(self.client.v1.accounts.retrieve, account)
        assert (one.status == "active") == (old.capabilities.card_issuing == "active")
        return one.status, [detail.code for detail in one.status_details]

    async def notice(self, account: str) -> Any:
        """The one notice of the account, once it was sent."""
        for _ in range(200):
            listed = await self.call(
                "get", "/v1/account_notices?sent=true", NOTICES | {"stripe_account": account}
            )
            if listed["data"]:
                (notice,) = listed["data"]
                return notice
            await asyncio.sleep(0.05)
        raise AssertionError("the notice was not sent")

    async def letter(self, recipient: str) -> Letter:
        """The one email that the mail server was given for somebody."""
        (letter,) = await self.mailbox.wait_for(1, recipient)
        return letter

    async def heard(self, account: str, kind: str, fits: Callable[[Any], bool]) -> Any:
        """A signed webhook about the account that fits, as the SDK takes it apart."""
        request = await self.receiver.wait_until(
            lambda one: (
                one.json["account"] == account
                and one.json["type"] == kind
                and fits(one.json["data"]["object"])
            )
        )
        event = self.client.construct_event(request.body, request.signature, self.secret)
        assert event.account == account
        return event

    async def issue_card(self, account: str) -> str:
        """An active card of the account."""
        of: Any = {"stripe_account": account}
        listed = await self.call("get", "/v1/issuing/programs", PROGRAMS)
        program = next(
            one["id"]
            for one in listed["data"]
            if (one["metadata"]["region"], one["metadata"]["capability"])
            == ("GB", "card_creator.commercial.stripe.charge_card")
        )
        given = {"platform_program": program, "is_default": True}
        await self.call("post", "/v1/issuing/programs", PROGRAMS | of, **given)
        path = "/v1/issuing/cardholders"
        holder = await self.call("post", path, of, **nested(HOLDER))
        given = {"cardholder": holder["id"], "currency": "gbp", "type": "virtual"}
        card = await self.call("post", "/v1/issuing/cards", of, **given, status="active")
        funds = {"amount": 10_000, "currency": "gbp"}
        await self.call("post", "/v1/test_helpers/issuing/fund_balance", of, **funds)
        return str(card["id"])

    async def pays(self, account: str, card: str) -> bool:
        """Whether the card pays five pounds."""
        helpers = self.client.v1.test_helpers.issuing.authorizations
        made = await asyncio.to_thread(
            helpers.create, {"card": card, "amount": 500}, {"stripe_account": account}
        )
        return bool(made.approved)


def nested(form: dict[str, str]) -> dict[str, Any]:
    """A form's parameters as the hashes they stand for."""
    made: dict[str, Any] = {}
    for path, value in form.items():
        *branches, leaf = path.replace("]", "").split("[")
        node = made
        for branch in branches:
            node = node.setdefault(branch, {})
        node[leaf] = value
    return made


def application(birth_year: int, email: str, at: int) -> dict[str, Any]:
    """Everything that a person in the United Kingdom says to have cards."""
    accepted = accepted_at(at)
    return {
        "display_name": "Jenny Rosen",
        "contact_email": email,
        "dashboard": "none",
        "identity": {
            "country": "gb",
            "entity_type": "individual",
            "individual": {
                "given_name": "Jenny",
                "surname": "Rosen",
                "email": "jenny.rosen@example.com",
                "phone": "0000000000",
                "date_of_birth": {"day": 1, "month": 1, "year": birth_year},
                "address": {
                    "line1": "address_full_match",
                    "city": "London",
                    "postal_code": "SW1A 1AA",
                    "country": "gb",
                },
            },
            "business_details": {
                "annual_revenue": {
                    "amount": {"value": 1_000_000, "currency": "gbp"},
                    "fiscal_year_end": "2024-12-31",
                },
                "estimated_worker_count": 1,
            },
            "attestations": {"terms_of_service": {"account": accepted, **card_terms(at)}},
        },
        "configuration": {
            "merchant": {"mcc": "5045"},
            "card_creator": {
                "capabilities": {"commercial": {"stripe": {"charge_card": {"requested": True}}}}
            },
            "recipient": {
                "capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}
            },
        },
        "defaults": {
            "currency": "gbp",
            "profile": {"business_url": "https://accessible.stripe.com"},
            "responsibilities": {
                "fees_collector": "application",
                "losses_collector": "application",
            },
        },
    }


def accepted_at(at: int) -> dict[str, str]:
    """An acceptance of terms."""
    date = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
    return {"date": date, "ip": "192.168.123.132"}


def card_terms(at: int) -> dict[str, Any]:
    """The terms of cards, accepted."""
    return {"card_creator": {"commercial": {"account_holder": accepted_at(at)}}}


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    directory = private_directory()
    data = directory / "data"
    async with open_mailbox() as mailbox, listening() as receiver:
        server = await processes.start(data, CARDWRIGHT_SMTP_URL=mailbox.url)
        try:
            client = stripe.StripeClient(
                keys_in(data)["CARDWRIGHT_SECRET_KEY"],
                base_addresses={"api": server.base},
                max_network_retries=0,
            )
            made: Any = {"url": receiver.url("/hook"), "enabled_events": HEARD, "connect": True}
            endpoint = await asyncio.to_thread(client.v1.webhook_endpoints.create, made)
            on = Stage(client, mailbox, receiver, str(endpoint.secret))
            look = {"brand_name": "Rocket Rides", "support_email": "support@example.com"}
            path = "/_cardwright/notice_settings"
            await on.call("post", path, sender="operator", **look)
            yield on
        finally:
            server.stop()
    shutil.rmtree(directory)


async def test_nobody_could_be_verified_within_29_days(stage: Stage) -> None:
    email, clock = "unknown@example.com", await stage.clock()
    account = await stage.account(clock, 1980, email)
    # Everything was said, but the birth in 1980 matches nobody: a document is due.
    document = "identity.individual.documents.primary_verification"
    await stage.heard(
        account,
        "account.updated",
        lambda one: "individual.verification.document" in one["requirements"]["past_due"],
    )
    due = [entry.description for entry in (await stage.read(account)).requirements.entries]
    assert due == [document]

    await stage.after(clock, 29 * DAY - 1)
    assert ISSUING_TERMS not in str(await stage.read(account))
    assert stage.mailbox.to(email) == []

    await stage.after(clock, 29 * DAY)
    found = await stage.read(account)
    assert {document, ISSUING_TERMS} <= {entry.description for entry in found.requirements.entries}
    assert (await stage.status(account))[0] == "restricted"
    v1: Any = await asyncio.to_thread(stage.client.v1.accounts.retrieve, account)
    assert "settings.card_issuing.tos_acceptance.date" in v1.requirements.currently_due
    assert v1.settings.card_issuing.tos_acceptance.date is None

    notice = await stage.notice(account)
    assert notice["reason"] == "issuing.application_rejected_for_failure_to_verify"
    assert notice["created"] == BEGAN + 29 * DAY
    assert notice["linked_objects"]["capability"] == "card_issuing"
    letter = await stage.letter(email)
    assert notice["email"]["recipient"] == email
    assert notice["email"]["plain_text"] == letter.plain_text
    assert letter.message["Reply-To"] == "support@example.com"
    assert "2040-01-01" in letter.plain_text

    told = await stage.heard(account, "account_notice.created", lambda _: True)
    assert told.created == BEGAN + 29 * DAY
    assert told.data.object["id"] == notice["id"]
    await stage.heard(account, "account_notice.updated", lambda one: one["sent_at"])
    cleared = await stage.heard(
        account,
        "account.updated",
        lambda one: one["settings"]["card_issuing"]["tos_acceptance"]["date"] is None,
    )
    assert cleared.created == BEGAN + 29 * DAY
    was = cleared.data.previous_attributes["settings"]["card_issuing"]["tos_acceptance"]
    assert was["date"] == BEGAN

    # A new application: better data and a new acceptance.
    again = {
        "identity": {
            "individual": {"date_of_birth": {"day": 1, "month": 1, "year": 1902}},
            "attestations": {"terms_of_service": card_terms(BEGAN + 29 * DAY)},
        }
    }
    accounts: Any = stage.client.v2.core.accounts
    await asyncio.to_thread(accounts.update, account, again, PREVIEW)
    assert await stage.status(account) == ("active", [])


async def test_the_terms_were_violated(stage: Stage) -> None:
    email, clock = "known@example.com", await stage.clock()
    account = await stage.account(clock, 1902, email)
    card = await stage.issue_card(account)
    assert await stage.pays(account, card)
    await stage.after(clock, 40 * DAY)

    path = f"/v1/test_helpers/accounts/{account}/terms_of_service_violation"
    await stage.call("post", path, reason="Payments at a casino")
    assert await stage.status(account) == ("restricted", ["rejected_terms_of_service"])
    off = await asyncio.to_thread(
        stage.client.v1.issuing.cards.retrieve, card, {}, {"stripe_account": account}
    )
    assert off.status == "inactive"
    assert not await stage.pays(account, card)

    notice = await stage.notice(account)
    assert notice["reason"] == "issuing.account_closed_for_terms_of_service_violation"
    assert notice["created"] == BEGAN + 40 * DAY
    letter = await stage.letter(email)
    assert notice["email"]["subject"] == letter.subject
    assert "Payments at a casino" in letter.plain_text
    await stage.heard(account, "account_notice.created", lambda one: one["id"] == notice["id"])
    deactivated = await stage.heard(
        account, "issuing_card.updated", lambda one: one["status"] == "inactive"
    )
    assert deactivated.data.previous_attributes["status"] == "active"
    held = await stage.heard(
        account,
        "capability.updated",
        lambda one: (one["id"], one["status"]) == ("card_issuing", "inactive"),
    )
    assert held.data.previous_attributes["status"] == "active"

    # It was a mistake.
    path = f"/_cardwright/accounts/{account}/reinstate_issuing"
    await stage.call("post", path, restore_cards=True)
    assert await stage.status(account) == ("active", [])
    assert await stage.pays(account, card)


async def test_the_cards_were_not_used_for_395_days(stage: Stage) -> None:
    email, clock = "idle@example.com", await stage.clock()
    account = await stage.account(clock, 1902, email)
    card = await stage.issue_card(account)
    await stage.after(clock, 10 * DAY)
    assert await stage.pays(account, card)
    end = (10 + 395) * DAY

    await stage.after(clock, end - 60 * DAY)
    assert (await stage.status(account))[0] == "active"
    warned = await stage.heard(
        account,
        "account.updated",
        lambda one: "card_issuing.activity" in one["requirements"]["currently_due"],
    )
    assert warned.data.object["requirements"]["current_deadline"] == BEGAN + end
    assert stage.mailbox.to(email) == []

    await stage.after(clock, end + DAY)
    assert await stage.status(account) == ("restricted", ["rejected_other"])
    path = f"/v1/accounts/{account}/capabilities/card_issuing"
    shown = await stage.call("get", path)
    assert shown["requirements"]["disabled_reason"] == "rejected.inactivity"
    assert not await stage.pays(account, card)
    notice = await stage.notice(account)
    assert notice["reason"] == "issuing.account_closed_for_inactivity"
    assert notice["created"] == BEGAN + end
    letter = await stage.letter(email)
    assert notice["email"]["subject"] == letter.subject
    told = await stage.heard(account, "account_notice.created", lambda _: True)
    assert told.created == BEGAN + end
    closed = await stage.heard(
        account,
        "capability.updated",
        lambda one: one["requirements"]["disabled_reason"] == "rejected.inactivity",
    )
    assert closed.created == BEGAN + end

    # Asking again, with new terms, switches cards on.
    capability = {"commercial": {"stripe": {"charge_card": {"requested": True}}}}
    again = {
        "configuration": {"card_creator": {"capabilities": capability}},
        "identity": {"attestations": {"terms_of_service": card_terms(BEGAN + end)}},
    }
    accounts: Any = stage.client.v2.core.accounts
    await asyncio.to_thread(accounts.update, account, again, PREVIEW)
    assert await stage.status(account) == ("active", [])
    assert await stage.pays(account, card)
