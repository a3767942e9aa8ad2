"""Cards through the official SDK on a live port."""

import asyncio
import json
from typing import Any

import pytest
import stripe

from cardwright.cards import numbers
from cardwright.kernel import clock
from tests.support.issuing import add_program, issuing_account
from tests.support.server import Platform

ADDRESS = {
    "line1": "10 Downing Street",
    "city": "London",
    "postal_code": "SW1A 2AA",
    "country": "GB",
}
PREVIEW = "2026-05-27.preview; issuing_program_beta=v2"


class Issuer:
    """A connected account of a platform, acting through the SDK."""

    def __init__(self, platform: Platform, account_id: str) -> None:
        self.platform = platform
        self.account_id = account_id
        self.options: Any = {"stripe_account": account_id}

    async def holder(self, **changes: Any) -> str:
        params: Any = {
            "name": "Jenny Rosen",
            "type": "individual",
            "billing": {"address": ADDRESS},
            **changes,
        }
        create = self.platform.sdk.v1.issuing.cardholders.create
        return (await asyncio.to_thread(create, params, self.options)).id

    async def card(self, **changes: Any) -> stripe.issuing.Card:
        params: Any = {"currency": "gbp", "type": "virtual", **changes}
        if "cardholder" not in params:
            params["cardholder"] = await self.holder()
        create = self.platform.sdk.v1.issuing.cards.create
        return await asyncio.to_thread(create, params, self.options)

    async def update(self, card_id: str, **changes: Any) -> stripe.issuing.Card:
        params: Any = changes
        update = self.platform.sdk.v1.issuing.cards.update
        return await asyncio.to_thread(update, card_id, params, self.options)

    async def retrieve(self, card_id: str, *expand: str) -> dict[str, Any]:
        retrieve = self.platform.sdk.v1.issuing.cards.retrieve
        found = await asyncio.to_thread(retrieve, card_id, {"expand": [*expand]}, self.options)
        shown: dict[str, Any] = json.loads(str(found))
        return shown

    async def call(self, method: str, path: str, **sent: Any) -> tuple[int, Any]:
        return await self.platform.call(method, path, account=self.account_id, **sent)

    async def refused(self, **form: str) -> Any:
        """The error of a creation that must be refused; nothing may be left behind."""
        sent = {"currency": "gbp", "type": "virtual", **form}
        if "cardholder" not in sent:
            sent["cardholder"] = await self.holder()
        status, body = await self.call("POST", "/v1/issuing/cards", form=sent)
        assert 400 <= status < 500, body
        assert (await self.call("GET", "/v1/issuing/cards"))[1]["data"] == []
        return body["error"]

    async def events(self) -> list[tuple[str, Any, Any]]:
        rows = await self.platform.live.application.database.pool.fetch(
            "select type, snapshot, previous from events where account_id = $1 "
            "and type like 'issuing_card.%' order by id",
            self.account_id,
        )
        return [
            (row["type"], json.loads(row["snapshot"]), json.loads(row["previous"] or "null"))
            for row in rows
        ]


@pytest.fixture
async def issuer(platform: Platform) -> Issuer:
    return Issuer(platform, await issuing_account(platform))


@pytest.mark.calendar
async def test_a_new_virtual_card(issuer: Issuer) -> None:
    holder = await issuer.holder(email="jenny.rosen@example.com")
    made = await issuer.card(cardholder=holder, status="active", metadata={"team": "travel"})
    assert made.id.startswith("ic_")
    assert (made.object, made.brand, made.status, made.type) == (
        "issuing.card",
        "Visa",
        "active",
        "virtual",
    )
    today = clock.moment(made.created * clock.SECOND_MS)
    assert (made.exp_month, made.exp_year) == (today.month, today.year + 3)
    assert (made.cardholder.id, made.cardholder.email) == (holder, "jenny.rosen@example.com")
    assert made.metadata.to_dict() == {"team": "travel"}
    assert made.livemode is False
    controls = made.spending_controls.to_dict()
    assert controls["spending_limits"] == [
        {"amount": 50_000, "categories": [], "interval": "daily"}
    ]
    assert controls["spending_limits_currency"] == "gbp"
    for absent in (
        "cancellation_reason",
        "replaced_by",
        "replacement_for",
        "replacement_reason",
        "shipping",
        "financial_account",
    ):
        assert made.to_dict()[absent] is None
    assert "number" not in made.to_dict()
    assert "cvc" not in made.to_dict()
    assert "program" not in made.to_dict(), "programs are a preview"
    assert await issuer.retrieve(made.id) == json.loads(str(made))

    [(kind, snapshot, previous)] = await issuer.events()
    assert (kind, previous) == ("issuing_card.created", None)
    assert snapshot["cardholder"]["object"] == "issuing.cardholder"


async def test_number_and_cvc_only_when_expanded_on_retrieve(issuer: Issuer) -> None:
    made = await issuer.card()
    shown = await issuer.retrieve(made.id, "number", "cvc")
    number, cvc = shown["number"], shown["cvc"]
    assert len(number) == 16
    assert number.startswith("400000")
    assert numbers.check_digit(number[:-1]) == number[-1]
    assert number[-4:] == made.last4
    assert len(cvc) == 3
    only = await issuer.retrieve(made.id, "number")
    assert only["number"] == number
    assert "cvc" not in only
    assert (await issuer.retrieve(made.id, "cvc"))["cvc"] == cvc

    path = "/v1/issuing/cards"
    for method, target, form in (
        ("POST", path, {"cardholder": made.cardholder.id, "currency": "gbp", "type": "virtual"}),
        ("POST", f"{path}/{made.id}", {"metadata[a]": "b"}),
        ("GET", f"{path}?expand[]=data.number", None),
        ("GET", f"{path}?expand[]=number", None),
    ):
        sent = {**form, "expand[]": "number"} if form is not None else None
        status, body = await issuer.call(method, target, form=sent)
        assert status == 400, body
        assert "cannot be expanded" in body["error"]["message"]
    assert len((await issuer.call("GET", path))[1]["data"]) == 1

    await issuer.update(made.id, status="active")
    for _, snapshot, _ in await issuer.events():
        assert "number" not in snapshot
        assert "cvc" not in snapshot


async def test_no_cache_keeps_an_answer(issuer: Issuer) -> None:
    made = await issuer.card()
    live, secret = issuer.platform.live, issuer.platform.keys.secret
    headers = {"Authorization": f"Bearer {secret}", "Stripe-Account": issuer.account_id}
    for path, status in ((f"{made.id}?expand[]=number", 200), ("ic_none", 404)):
        target = f"{live.base}/v1/issuing/cards/{path}"
        async with live.http.get(target, headers=headers) as answer:
            assert (answer.status, answer.headers["Cache-Control"]) == (status, "no-store")


async def test_a_number_is_nowhere_in_clear(issuer: Issuer) -> None:
    made = await issuer.card()
    number = (await issuer.retrieve(made.id, "number"))["number"]
    pool = issuer.platform.live.application.database.pool
    tables = await pool.fetch(
        "select table_name from information_schema.tables where table_schema = 'public'"
    )
    for table in tables:
        found = await pool.fetchval(
            f"select count(*) from {table['table_name']} as every where every::text like $1",
            f"%{number}%",
        )
        assert found == 0, table["table_name"]
    vault = issuer.platform.live.application.database.vault
    routed = await pool.fetchrow(
        "select account_id, card_id from card_number_routes where pan_index = $1",
        numbers.number_index(vault, number),
    )
    assert routed is not None
    assert tuple(routed) == (issuer.account_id, made.id)


async def test_physical_numbers_are_not_shown(issuer: Issuer) -> None:
    made = await issuer.card(
        type="physical", shipping={"name": "Jenny Rosen", "address": ADDRESS}, second_line="Ops"
    )
    assert made.shipping is not None
    assert (made.shipping.service, made.shipping.status) == ("standard", "pending")
    assert made.to_dict()["second_line"] == "Ops"
    shown = await issuer.retrieve(made.id, "number", "cvc")
    assert "number" not in shown
    assert "cvc" not in shown


async def test_update_and_previous_attributes(issuer: Issuer) -> None:
    made = await issuer.card(metadata={"team": "travel"})
    active = await issuer.update(
        made.id,
        status="active",
        metadata={"team": "", "site": "x"},
        spending_controls={"blocked_categories": ["bakeries"]},
    )
    assert (active.status, active.metadata.to_dict()) == ("active", {"site": "x"})
    assert active.spending_controls.blocked_categories == ["bakeries"]
    assert len(active.spending_controls.spending_limits or []) == 1, "hashes merge"
    _, (kind, snapshot, previous) = await issuer.events()
    assert kind == "issuing_card.updated"
    assert snapshot["status"] == "active"
    assert previous["status"] == "inactive"
    assert previous["metadata"] == {"team": "travel", "site": None}
    assert previous["spending_controls"] == {"blocked_categories": []}

    await issuer.update(made.id, status="active")
    assert len(await issuer.events()) == 2, "no change, no event"
    status, body = await issuer.call(
        "POST", f"/v1/issuing/cards/{made.id}", form={"spending_controls": ""}
    )
    assert status == 200
    assert body["spending_controls"]["spending_limits"] == []
    assert body["spending_controls"]["spending_limits_currency"] == "gbp"


async def test_canceled_is_the_end(issuer: Issuer) -> None:
    made = await issuer.card(status="active")
    gone = await issuer.update(made.id, status="canceled", cancellation_reason="lost")
    assert (gone.status, gone.cancellation_reason) == ("canceled", "lost")
    for status in ("active", "inactive"):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await issuer.update(made.id, status=status)
        assert caught.value.param == "status"
    kept = await issuer.update(made.id, metadata={"note": "found later"})
    assert kept.metadata.to_dict() == {"note": "found later"}

    other = await issuer.card()
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await issuer.update(other.id, cancellation_reason="lost")
    assert caught.value.param == "cancellation_reason"
    with pytest.raises(stripe.InvalidRequestError):
        await issuer.update(other.id, status="canceled", cancellation_reason="bored")
    plain = await issuer.update(other.id, status="canceled")
    assert plain.cancellation_reason is None


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ({"currency": "usd"}, "currency"),
        ({"currency": "zzz"}, "currency"),
        ({"type": "plastic"}, "type"),
        ({"status": "canceled"}, "status"),
        ({"cardholder": "ich_none"}, "cardholder"),
        ({"program": "iprg_1"}, "program"),
        ({"exp_month": "13", "exp_year": "2099"}, "exp_month"),
        ({"exp_month": "1", "exp_year": "2020"}, "exp_month"),
        ({"exp_year": "2099"}, "exp_month"),
        ({"second_line": "x" * 25}, "second_line"),
        ({"second_line": "no_underscores"}, "second_line"),
        ({"shipping[name]": "Jenny Rosen"}, "shipping[address]"),
        ({"type": "physical"}, "shipping"),
        ({"replacement_for": "ic_none", "replacement_reason": "lost"}, "replacement_for"),
        ({"number": "4242424242424242"}, "number"),
        ({"last4": "4242"}, "last4"),
        (
            {"spending_controls[spending_limits_currency]": "gbp"},
            "spending_controls[spending_limits_currency]",
        ),
        (
            {
                "spending_controls[spending_limits][0][amount]": "-1",
                "spending_controls[spending_limits][0][interval]": "daily",
            },
            "spending_controls[spending_limits][0][amount]",
        ),
        (
            {
                "spending_controls[spending_limits][0][amount]": "99999999999999999999",
                "spending_controls[spending_limits][0][interval]": "daily",
            },
            "spending_controls[spending_limits][0][amount]",
        ),
        (
            {"spending_controls[spending_limits][0][amount]": "100"},
            "spending_controls[spending_limits][0][interval]",
        ),
        (
            {"spending_controls[blocked_categories][0]": "no_such_category"},
            "spending_controls[blocked_categories][0]",
        ),
    ],
)
async def test_a_bad_card_is_refused(issuer: Issuer, form: dict[str, str], param: str) -> None:
    error = await issuer.refused(**form)
    assert error["param"] == param
    assert error["message"]


async def test_it_needs_an_active_capability(platform: Platform) -> None:
    issuer = Issuer(platform, await issuing_account(platform, verified=False))
    error = await issuer.refused()
    assert "capability card_creator.commercial.stripe.charge_card is restricted" in error["message"]


async def test_it_needs_a_program_of_the_account(platform: Platform) -> None:
    without = Issuer(platform, await issuing_account(platform, program=False))
    assert "no default card program" in (await without.refused())["message"]

    issuer = Issuer(platform, await issuing_account(platform))
    other = Issuer(platform, await issuing_account(platform))
    second = await add_program(platform, issuer.account_id, "us_spend_card")
    foreign = await add_program(platform, other.account_id, "us_spend_card")
    form = {"cardholder": await issuer.holder(), "currency": "gbp", "type": "virtual"}

    async def create(program: str) -> tuple[int, Any]:
        sent = {**form, "program": program}
        return await issuer.call("POST", "/v1/issuing/cards", form=sent, version=PREVIEW)

    status, body = await create(foreign)
    assert (status, body["error"]["code"], body["error"]["param"]) == (
        404,
        "resource_missing",
        "program",
    )
    status, body = await create(second)
    assert status == 400
    assert "celtic.spend_card is not requested" in body["error"]["message"]
    status, body = await issuer.call("POST", "/v1/issuing/cards", form=form, version=PREVIEW)
    assert status == 200
    assert body["program"].startswith("iprg_")


async def test_a_card_is_active_only_with_its_cardholder(issuer: Issuer) -> None:
    holder = await issuer.holder(status="inactive")
    made = await issuer.card(cardholder=holder)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await issuer.update(made.id, status="active")
    assert caught.value.param == "status"
    with pytest.raises(stripe.InvalidRequestError):
        await issuer.card(cardholder=holder, status="active")


@pytest.mark.calendar
async def test_list_filters(issuer: Issuer) -> None:
    first = await issuer.card(status="active")
    second = await issuer.card(exp_month=1, exp_year=2099)
    listing = issuer.platform.sdk.v1.issuing.cards.list

    async def found(**filters: Any) -> list[str]:
        params: Any = filters
        page = await asyncio.to_thread(listing, params, issuer.options)
        return [item.id for item in page.data]

    assert await found() == [second.id, first.id]
    assert await found(status="active") == [first.id]
    assert await found(cardholder=second.cardholder.id) == [second.id]
    assert await found(exp_month=1, exp_year=2099) == [second.id]
    assert await found(last4=first.last4, status="active") == [first.id]
    assert await found(type="physical") == []
    assert await found(limit=1, starting_after=second.id) == [first.id]
    assert await found(created={"gte": first.created}) == [second.id, first.id]
    for name, value in (("exp_month", 13), ("exp_month", 2**31), ("exp_year", 2**53)):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            await found(**{name: value})
        assert refused.value.param == name


async def test_another_account_sees_nothing(issuer: Issuer) -> None:
    made = await issuer.card()
    stranger = Issuer(issuer.platform, await issuing_account(issuer.platform))
    path = f"/v1/issuing/cards/{made.id}"
    for method, form in (("GET", None), ("POST", {"status": "active"})):
        status, body = await stranger.call(method, path, form=form)
        assert (status, body["error"]["message"]) == (404, f"No such card: '{made.id}'")
    assert (await stranger.call("GET", "/v1/issuing/cards"))[1]["data"] == []
    error = await stranger.refused(cardholder=made.cardholder.id)
    assert (error["code"], error["param"]) == ("resource_missing", "cardholder")
    holder = await stranger.holder()
    error = await stranger.refused(
        cardholder=holder, replacement_for=made.id, replacement_reason="damaged"
    )
    assert (error["code"], error["param"]) == ("resource_missing", "replacement_for")


async def test_the_same_key_issues_one_card(issuer: Issuer) -> None:
    form = {"cardholder": await issuer.holder(), "currency": "gbp", "type": "virtual"}
    answers = await asyncio.gather(
        *(
            issuer.call("POST", "/v1/issuing/cards", form=form, idempotency_key="one")
            for _ in range(8)
        )
    )
    assert {status for status, _ in answers} <= {200, 409}
    assert len((await issuer.call("GET", "/v1/issuing/cards"))[1]["data"]) == 1
    assert len(await issuer.events()) == 1
