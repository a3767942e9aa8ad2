"""What happens to exchange rates: loaded, looked up."""

from collections.abc import Iterable

from cardwright.currencies import rates
from cardwright.currencies.rates import Quote, Rate
from cardwright.kernel import clock
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import Failure
from cardwright.tenancy.operator_verbs import operator_verb

QUERIES = load(__file__)
_SAVE = QUERIES.run("save_rates")
_RATES_ON = QUERIES.many("rates_on", Rate)


@operator_verb(kind="widens_risk")
async def load_rates(tx: Tx, loaded: Iterable[Rate]) -> int:
    """Keep rates of the acting platform; the last of a day and currency counts. Returns how many
    there were."""
    by_place = {(rate.currency, rate.day): rate for rate in loaded}
    await _SAVE(
        tx.connection,
        account_id=tx.platform_id,
        currencies=[currency for currency, _ in by_place],
        days=[day for _, day in by_place],
        rates=[rate.per_euro for rate in by_place.values()],
    )
    return len(by_place)


async def rates_on(tx: Tx, day: int) -> dict[str, Rate]:
    """Every rate that counts on a day, by currency: those loaded, built-in ones otherwise."""
    found = await _RATES_ON(tx.connection, account_id=tx.platform_id, day=day, currencies=None)
    return rates.default_rates() | {rate.currency: rate for rate in found}


async def quote(tx: Tx, source: str, target: str, *, at_ms: int | None = None) -> Quote:
    """The platform's rate between two currencies on the day of an instant, or of now.

    Refuses with ``exchange_rate_missing``.
    """
    instant_ms = tx.now_ms if at_ms is None else at_ms
    return await _quote(tx.connection, tx.platform_id, source, target, instant_ms)


async def quote_at(
    connection: Connection, platform_id: str, source: str, target: str, at_ms: int
) -> Quote | None:
    """The same outside of a transaction of an account; None where there is no rate."""
    try:
        return await _quote(connection, platform_id, source, target, at_ms)
    except Failure:
        return None


async def _quote(
    connection: Connection, platform_id: str, source: str, target: str, at_ms: int
) -> Quote:
    found = await _RATES_ON(
        connection,
        account_id=platform_id,
        day=clock.day_number(at_ms),
        currencies=[source, target],
    )
    return rates.quote(source, target, {rate.currency: rate for rate in found})
