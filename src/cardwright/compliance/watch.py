"""The watch over card spend: it opens cases for a person to look at, and never acts by itself.

The first payment after a while has the spend looked at, at once; while cards pay, it is looked at
every hour. A case holds its evidence, which grows until somebody closes it. What was dismissed is
not found again: only later payments count.
"""

import msgspec

from cardwright.accounts.record.store import lock_state
from cardwright.compliance import inactivity, rules
from cardwright.compliance.model import CaseKind, ComplianceCase, Evidence
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.ledger import watches
from cardwright.ledger.flows import CARD_SPEND
from cardwright.programs.offerings import OFFERINGS
from cardwright.tenancy import deadlines, platforms
from cardwright.tenancy.platforms import ComplianceSettings
from cardwright.transactions import payments
from cardwright.wire import rows
from cardwright.wire.resource import Timestamp

QUERIES = load(__file__)
# The deadline at which spend is looked at.
SPENT = "issuing_spend"
LOOK_MS = clock.HOUR_MS
# How many payments a case names.
NAMED_MAX = 20


_OPEN = QUERIES.value("open_case", str)
_DISMISSED = QUERIES.value("last_dismissal", int)


async def wait_for_spend(tx: Tx) -> None:
    """Have the spend of the acting account looked at as soon as a card pays."""
    books = await watches.watched(tx.connection, tx.account_id, CARD_SPEND, SPENT)
    wanted = {offering.currency: 1 for offering in OFFERINGS.values()}
    wanted |= {book.currency: book.amount_minor + 1 for book in books}
    await watches.watch(tx, CARD_SPEND, SPENT, wanted)


async def look(tx: Tx, _account_id: str) -> None:
    """What cards were used for is compared with what the terms allow."""
    state = await lock_state(tx, closed=True)
    if state.account.closed:
        return
    await inactivity.card_used(tx)
    country = state.account.identity.country or ""
    settings = await platforms.settings(tx)
    await _look_for(tx, "prohibited_business", country, settings.compliance)
    await _look_for(tx, "cross_border", country, settings.compliance)
    since = (tx.now_ms - LOOK_MS) // clock.SECOND_MS
    if await payments.paid_since(tx, since + 1):
        await deadlines.schedule(tx, kind=SPENT, subject=tx.account_id, due_ms=tx.now_ms + LOOK_MS)
    else:
        await wait_for_spend(tx)


async def _look_for(tx: Tx, kind: CaseKind, country: str, settings: ComplianceSettings) -> None:
    """Open a case, or put what is known now into the one that is open."""
    window = settings.window_days * clock.DAY_MS // clock.SECOND_MS
    dismissed = await _DISMISSED(tx.connection, account_id=tx.account_id, kind=kind) or 0
    since = max(tx.now - window, dismissed + 1 if dismissed else 0)
    spend = await payments.spend_by_category(tx, since, country)
    evidence = Evidence(since=Timestamp(since))
    if kind == "prohibited_business":
        evidence.categories = rules.prohibited(spend, settings)
    else:
        evidence.abroad = rules.mostly_abroad(spend, settings)
    if not evidence.categories and not evidence.abroad:
        return
    codes = [one.category_code for one in evidence.categories]
    abroad = bool(evidence.abroad)
    evidence.transactions = await payments.newest(
        tx, since, country, codes=codes, abroad=abroad, count=NAMED_MAX
    )
    found = await _OPEN(tx.connection, account_id=tx.account_id, kind=kind)
    if found is not None:
        case = await rows.lock(tx, ComplianceCase, found)
        await rows.save(tx, msgspec.structs.replace(case, evidence=evidence))
        return
    case = ComplianceCase(
        id=ids.new_id(ComplianceCase.prefix),
        account=tx.account_id,
        created=Timestamp(tx.now),
        evidence=evidence,
        kind=kind,
        livemode=tx.livemode,
        platform_id=tx.platform_id,
    )
    await rows.insert(tx, case)
