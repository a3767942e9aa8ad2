"""A connected account that orders physical cards, and what it orders."""

import json
from typing import Any

from tests.support.issuing import issuing_account
from tests.support.server import Platform

ADDRESS = {
    "line1": "10 Downing Street",
    "city": "London",
    "postal_code": "SW1A 2AA",
    "country": "GB",
}
DESIGNS = "/v1/issuing/personalization_designs"
DESIGN_HELPERS = "/v1/test_helpers/issuing/personalization_designs"
REVIEWS = "/_cardwright/issuing/personalization_designs"


class Issuer:
    """A connected account of a platform, with a cardholder."""

    def __init__(self, platform: Platform, account_id: str, holder: str) -> None:
        self.platform = platform
        self.account_id = account_id
        self.holder = holder

    @classmethod
    async def of(cls, platform: Platform, offering: str = "gb_charge_card") -> "Issuer":
        """A new account of the platform."""
        issuer = cls(platform, await issuing_account(platform, offering), "")
        form = {"name": "Jenny Rosen", "type": "individual"}
        form |= {f"billing[address][{name}]": text for name, text in ADDRESS.items()}
        if offering.startswith("us"):
            form["individual[first_name]"], form["individual[last_name]"] = "Jenny", "Rosen"
        issuer.holder = (await issuer.done("POST", "/v1/issuing/cardholders", form))["id"]
        return issuer

    async def call(
        self, method: str, path: str, form: dict[str, str] | None = None, **more: Any
    ) -> tuple[int, Any]:
        """A call as the account, unless another is named."""
        more.setdefault("account", self.account_id)
        if form is not None:
            more["form"] = form
        return await self.platform.call(method, path, **more)

    async def done(
        self, method: str, path: str, form: dict[str, str] | None = None, **more: Any
    ) -> Any:
        """The body of a call that succeeds."""
        status, body = await self.call(method, path, form, **more)
        assert status == 200, body
        return body

    async def refused(
        self, method: str, path: str, form: dict[str, str] | None = None, **more: Any
    ) -> Any:
        """The error of a call that is refused."""
        status, body = await self.call(method, path, form, **more)
        assert 400 <= status < 500, body
        return body["error"]

    def order(self, **changes: str) -> dict[str, str]:
        """The form that orders a physical card; ``shipping__type`` stands for brackets."""
        form = {
            "cardholder": self.holder,
            "currency": "gbp",
            "type": "physical",
            "shipping[name]": "Jenny Rosen",
            **{f"shipping[address][{name}]": text for name, text in ADDRESS.items()},
        }
        for name, text in changes.items():
            head, *inner = name.split("__")
            form[head + "".join(f"[{step}]" for step in inner)] = text
        return form

    async def card(self, **changes: str) -> Any:
        """A new physical card."""
        return await self.done("POST", "/v1/issuing/cards", self.order(**changes))

    async def ship(self, card_id: str, *steps: str, **more: Any) -> Any:
        """The card after the test helpers of these steps."""
        body: Any = None
        for step in steps:
            path = f"/v1/test_helpers/issuing/cards/{card_id}/shipping/{step}"
            body = await self.done("POST", path, **more)
        return body

    async def bundle(self, name: str = "Standard card") -> str:
        """The id of a bundle of the platform."""
        listed = await self.done("GET", "/v1/issuing/physical_bundles")
        return str(next(one["id"] for one in listed["data"] if one["name"] == name))

    async def design(
        self, *, bundle: str = "Standard card", own: bool = True, **changes: str
    ) -> Any:
        """A new design, in review; the platform's unless it is the account's ``own``."""
        form = {"physical_bundle": await self.bundle(bundle)}
        for name, text in changes.items():
            head, *inner = name.split("__")
            form[head + "".join(f"[{step}]" for step in inner)] = text
        return await self.done("POST", DESIGNS, form, account=self.account_id if own else None)

    async def review(self, design_id: str, verdict: str, **more: Any) -> Any:
        """The design after a test helper."""
        form = {"rejection_reasons[card_logo][0]": "other"} if verdict == "reject" else None
        return await self.done("POST", f"{DESIGN_HELPERS}/{design_id}/{verdict}", form, **more)

    async def events(self, kind: str) -> list[tuple[str, Any, Any]]:
        """Type, snapshot and previous attributes of the account's events of a kind."""
        found = await self.platform.live.application.database.pool.fetch(
            "select type, snapshot, previous from events where account_id = $1 "
            "and type like $2 order by id",
            self.account_id,
            f"{kind}.%",
        )
        return [
            (row["type"], json.loads(row["snapshot"]), json.loads(row["previous"] or "null"))
            for row in found
        ]
