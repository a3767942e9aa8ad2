"""Looking at an account's Issuing balance, and telling once when it falls too low and recovers.

A balance is looked at when it crosses the amount that a watch of the books waits for, never by
going over all accounts. A part of a day's spend changes with the day: while cards pay it is worked
out again every hour.
"""

import msgspec

from cardwright.funding.low_balance import emails
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.ledger import flows as ledger
from cardwright.ledger import watches
from cardwright.ledger.chart import SPEND, Book
from cardwright.ledger.model import MoneyMoved
from cardwright.ledger.rules import Balance
from cardwright.tenancy import deadlines, platforms, registry
from cardwright.tenancy.platforms import LowBalanceSettings
from cardwright.wire.versions import Body

QUERIES = load(__file__)
FIRING = "v2.cardwright.issuing_balance_low.firing"
RESOLVED = "v2.cardwright.issuing_balance_low.resolved"
ISSUING: Book = "issuing"

# Deadlines: the balance fell or rose to what was waited for; it is looked at again; the settings of
# the platform changed, its accounts are looked at after the one that is the subject.
FELL, ROSE, LOOK, CHANGED = (
    "low_balance_fell",
    "low_balance_rose",
    "low_balance_look",
    "low_balance_changed",
)
LOOK_MS = clock.HOUR_MS
ACCOUNTS_AT_ONCE = 100
FIRST = "-"


class Low(msgspec.Struct, frozen=True):
    """An Issuing balance that is too low."""

    currency: str
    alert_id: str
    started_ms: int


_LOW = QUERIES.many("low_balances", Low)
_BEGIN = QUERIES.run("begin_low_balance")
_END = QUERIES.run("end_low_balance")


async def look(tx: Tx, _account_id: str) -> None:
    """The Issuing balance is compared with what it should be at least."""
    platform = await platforms.settings(tx)
    settings = platform.low_balance
    found = await ledger.balances_of(tx.connection, tx.account_id)
    balances = {one.currency: one for one in found if one.book == ISSUING}
    floors = await floors_of(tx, settings)
    watched = {name: floor for name, floor in floors.items() if name in balances}
    firing = {one.currency: one for one in await _LOW(tx.connection, account_id=tx.account_id)}
    low = {name for name, floor in watched.items() if balances[name].available_minor < floor}
    for name in sorted(low - set(firing)):
        await _fire(tx, platform, balances[name], watched[name])
    for name in sorted(set(firing) - low):
        await _END(tx.connection, account_id=tx.account_id, currency=name)
        data = _event_data(firing[name], balances[name], watched.get(name), tx.now_ms)
        tx.emit(RESOLVED, {"id": firing[name].alert_id}, data=data)
    falling = {name: floor for name, floor in watched.items() if name not in low}
    await watches.watch(tx, ISSUING, FELL, falling, below=True)
    await watches.watch(tx, ISSUING, ROSE, {name: watched[name] for name in low})
    await _look_again(tx, settings, spent=bool(floors))


async def floors_of(tx: Tx, settings: LowBalanceSettings) -> dict[str, int]:
    """What the acting account's Issuing balance should be at least, by currency in minor units."""
    percent = settings.percent_of_daily_spend
    if percent is None:
        return settings.amounts
    since = (tx.now_ms - clock.DAY_MS) // clock.SECOND_MS
    spent = await ledger.spent_since(tx.connection, tx.account_id, ISSUING, SPEND, since)
    return {
        currency: -(-spent_minor * percent // 100)
        for currency, spent_minor in spent.items()
        if spent_minor > 0
    }


async def _look_again(tx: Tx, settings: LowBalanceSettings, *, spent: bool) -> None:
    """A part of the spend changes by the hour while there is any, else with the next payment."""
    percent = settings.percent_of_daily_spend is not None
    wanted: dict[str, int] = {}
    if percent and spent:
        due_ms = tx.now_ms + LOOK_MS
        await deadlines.schedule(tx, kind=LOOK, subject=tx.account_id, due_ms=due_ms)
    elif percent:
        books = await ledger.balances_of(tx.connection, tx.account_id)
        wanted = {one.currency: 1 for one in books if one.book == ISSUING}
        wanted |= {
            one.currency: one.available_minor + 1 for one in books if one.book == ledger.CARD_SPEND
        }
    await watches.watch(tx, ledger.CARD_SPEND, LOOK, wanted)


async def _fire(tx: Tx, platform: platforms.PlatformSettings, balance: Balance, floor: int) -> None:
    """Tell that a balance is too low."""
    low = Low(balance.currency, ids.new_id("alrt_"), tx.now_ms)
    await _BEGIN(
        tx.connection,
        account_id=tx.account_id,
        currency=low.currency,
        alert_id=low.alert_id,
        started_ms=low.started_ms,
    )
    tx.emit(FIRING, {"id": low.alert_id}, data=_event_data(low, balance, floor, None))
    if platform.low_balance.email is not None:
        await emails.tell(tx, platform.low_balance.email, balance, floor, platform.notices)


def _event_data(low: Low, balance: Balance, floor: int | None, resolved_ms: int | None) -> Body:
    """The data of an event; ``floor`` is None once nothing is waited for any more."""
    data: Body = {
        "alert_id": low.alert_id,
        "available": {"currency": low.currency, "value": balance.available_minor},
        "started_at": clock.rfc3339(low.started_ms),
    }
    if floor is not None:
        data["threshold"] = {"currency": low.currency, "value": floor}
    if resolved_ms is not None:
        data["resolved_at"] = clock.rfc3339(resolved_ms)
    return data


async def look_at_accounts(tx: Tx, after: str) -> None:
    """The Issuing balances of a platform's accounts are compared with its new settings."""
    found = await ledger.accounts_with(
        tx.connection,
        tx.platform_id,
        ISSUING,
        after="" if after == FIRST else after,
        count=ACCOUNTS_AT_ONCE,
    )
    for account_id in found:
        now_ms = await registry.instant_of(tx, account_id)
        await deadlines.schedule(
            tx, kind=LOOK, subject=account_id, due_ms=now_ms, account_id=account_id
        )
    if len(found) == ACCOUNTS_AT_ONCE:
        await deadlines.schedule(tx, kind=CHANGED, subject=found[-1], due_ms=tx.now_ms)


async def observe(tx: Tx, moved: MoneyMoved) -> None:
    """An account's first Issuing balance in a currency is looked at from then on."""
    if ISSUING in moved.before or not any(one.book == ISSUING for one in moved.after):
        return
    account_id = moved.account_id
    settings = await platforms.low_balance_of(tx.connection, tx.platform_id)
    if settings.on:
        now_ms = await registry.instant_of(tx, account_id)
        await deadlines.schedule(
            tx, kind=LOOK, subject=account_id, due_ms=now_ms, account_id=account_id
        )


HANDLERS: dict[str, deadlines.Handler] = {
    FELL: look,
    ROSE: look,
    LOOK: look,
    CHANGED: look_at_accounts,
}
