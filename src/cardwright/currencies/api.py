"""``/_cardwright/exchange_rates``: the rates that a platform converts with.

The card network brings its rates with the payment; a platform without one loads them here. The
path stands outside of the public API; form, answers and errors are those of v1.
"""

from typing import Annotated, Any

from cardwright.currencies import flows, rates
from cardwright.currencies.rates import Rate
from cardwright.kernel import clock
from cardwright.kernel.database import Tx
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Metadata, Parameters
from cardwright.wire.versions import Body

PATH = "/_cardwright/exchange_rates"
DAY_LONGEST = 40


class RatesWanted(Parameters):
    """Which day's rates to show; today's unless one is given."""

    day: Annotated[str | None, Mark(longest=DAY_LONGEST)] = None


class RatesGiven(Parameters):
    """Units of each currency for one euro, from a day on; today unless one is given."""

    day: Annotated[str | None, Mark(longest=DAY_LONGEST)] = None
    rates: Annotated[Metadata, Mark(need="c")]


async def retrieve(tx: Tx, call: Call[RatesWanted]) -> Body:
    """Retrieve the exchange rates that count on a day."""
    return await _shown(tx, _day(tx, call.given.get("day")))


async def update(tx: Tx, call: Call[RatesGiven]) -> Body:
    """Load exchange rates for a day; other currencies keep theirs."""
    day = _day(tx, call.given.get("day"))
    loaded = [
        Rate(day, currency, rates.checked(currency, text or "", param=f"rates[{currency}]"))
        for currency, text in (call.given.get("rates") or {}).items()
    ]
    await flows.load_rates(tx, loaded)
    return await _shown(tx, day)


def _day(tx: Tx, text: str | None) -> int:
    return clock.day_number(tx.now_ms) if text is None else rates.day_of(text)


async def _shown(tx: Tx, day: int) -> Body:
    found = await flows.rates_on(tx, day)
    built_in = rates.default_rates()
    listed: list[dict[str, Any]] = [
        {
            "currency": currency,
            "day": rates.date_text(rate.day),
            "per_euro": format(rate.per_euro, "f"),
            "source": "built_in" if rate is built_in.get(currency) else "loaded",
        }
        for currency, rate in sorted(found.items())
    ]
    return {
        "object": "exchange_rates",
        "base": rates.BASE,
        "day": rates.date_text(day),
        "livemode": tx.livemode,
        "rates": listed,
    }


OPERATIONS = (
    Operation(
        method="GET",
        path=PATH,
        handler=retrieve,
        takes=RatesWanted,
        letter="l",
        platform_only=True,
    ),
    Operation(method="POST", path=PATH, handler=update, takes=RatesGiven, platform_only=True),
)
