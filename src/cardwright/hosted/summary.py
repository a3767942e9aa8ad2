"""What a setup page lists: the account's open requirements, grouped by what they are about."""

import msgspec

from cardwright.accounts.record.model import AccountState, Entry
from cardwright.accounts.record.store import load_state
from cardwright.hosted import words
from cardwright.hosted.model import StoredLink
from cardwright.kernel.database import Tx

_MOST_PRESSING_FIRST = ("past_due", "currently_due", "eventually_due")
# How pressing what is no requirement yet.
FUTURE = "future"


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
    """The whole page; ``checking`` counts what is being verified. Of a ``rejected`` account
    nothing is asked."""

    name: str | None
    groups: list[Group]
    checking: int
    rejected: bool = False


async def summary(tx: Tx, link: StoredLink) -> Summary:
    """What the acting account must still provide, as far as the link asks for it."""
    future = link.future_requirements == "include"
    return of_account(await load_state(tx), link.fields, future=future)


def of_account(state: AccountState, fields: str, *, future: bool = False) -> Summary:
    """The same, of an account at hand; ``fields`` is the least urgent to show, ``future`` adds what
    will be required later."""
    account = state.account
    shown = _MOST_PRESSING_FIRST[: _MOST_PRESSING_FIRST.index(fields) + 1]
    groups: dict[str, dict[str, Need]] = {}
    for entry in account.requirements.entries:
        if entry.awaiting_action_from == "user" and entry.minimum_deadline.status in shown:
            need = _need(entry)
            # Two owners may lack the same detail: it is listed once.
            groups.setdefault(words.subject(entry.description), {}).setdefault(need.words, need)
    for entry in account.future_requirements.entries if future else ():
        if entry.awaiting_action_from == "user":
            need = _need(entry, FUTURE)
            groups.setdefault(words.subject(entry.description), {}).setdefault(need.words, need)
    checking = sum(entry.awaiting_action_from == "stripe" for entry in account.requirements.entries)
    details = account.identity.business_details
    name = account.display_name or (details.registered_name if details is not None else None)
    if state.rejection is not None:
        return Summary(name, [], 0, rejected=True)
    listed = [Group(heading, list(needs.values())) for heading, needs in groups.items()]
    return Summary(name, listed, checking)


def _need(entry: Entry, status: str | None = None) -> Need:
    status = status or entry.minimum_deadline.status
    return Need(
        words.detail(entry.description),
        status,
        words.URGENCY[status],
        tuple(dict.fromkeys(error.description for error in entry.errors)),
    )
