"""What a setup page lists: the account's open requirements, grouped by what they are about."""

import msgspec

from cardwright.accounts.model import Account, Entry
from cardwright.hosted import words
from cardwright.kernel.database import Tx
from cardwright.wire import rows

_MOST_PRESSING_FIRST = ("past_due", "currently_due", "eventually_due")


class Need(msgspec.Struct, frozen=True):
    """One line of the page."""

    words: str
    status: str
    urgency: str
    errors: tuple[str, ...]


class Group(msgspec.Struct, frozen=True):
    """The lines about one subject."""

    heading: str
    needs: list[Need]


class Summary(msgspec.Struct, frozen=True):
    """The whole page; ``checking`` counts what is being verified."""

    name: str | None
    groups: list[Group]
    checking: int


async def summary(tx: Tx, fields: str) -> Summary:
    """What the acting account must still provide; ``fields`` is the least urgent to show."""
    account = await rows.get(tx, Account, tx.account_id)
    return of_account(account, fields)


def of_account(account: Account, fields: str) -> Summary:
    """The same, of an account at hand."""
    shown = _MOST_PRESSING_FIRST[: _MOST_PRESSING_FIRST.index(fields) + 1]
    groups: dict[str, dict[str, Need]] = {}
    for entry in account.requirements.entries:
        if entry.awaiting_action_from == "user" and entry.minimum_deadline.status in shown:
            need = _need(entry)
            # Two owners may lack the same detail: it is listed once.
            groups.setdefault(words.subject(entry.description), {}).setdefault(need.words, need)
    checking = sum(entry.awaiting_action_from == "stripe" for entry in account.requirements.entries)
    details = account.identity.business_details
    name = account.display_name or (details.registered_name if details is not None else None)
    listed = [Group(heading, list(needs.values())) for heading, needs in groups.items()]
    return Summary(name, listed, checking)


def _need(entry: Entry) -> Need:
    status = entry.minimum_deadline.status
    return Need(
        words.detail(entry.description),
        status,
        words.URGENCY[status],
        tuple(dict.fromkeys(error.description for error in entry.errors)),
    )
