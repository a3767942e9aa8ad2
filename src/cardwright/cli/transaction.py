"""Commands that are one transaction.

The function of a command takes the transaction as ``tx`` and answers with what is to be printed,
once it is committed. A decorator puts in the place of ``tx`` the options that say where the data is
and as whom to act. A command of several transactions, or one that does something before or after,
is ``working`` and takes those options itself.
"""

import asyncio
import functools
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeVar

from cardwright.accounts.record.acting import acting
from cardwright.cli import options
from cardwright.cli.installation import INSTALLATION, PLATFORM, Installation, Platform
from cardwright.kernel.database import Database, Tx
from cardwright.kernel.refusal import Failure
from cardwright.kernel.startup import StartError
from cardwright.tenancy import registry

T = TypeVar("T")
Said = str | Iterable[str] | None
Work = Callable[..., Awaitable[Said]]
Command = Callable[..., None]
Option = inspect.Parameter


def as_platform(work: Work) -> Command:
    """A command that acts as the platform of a mode."""

    def opened(given: dict[str, Any]) -> AbstractAsyncContextManager[Tx]:
        platform: Platform = given.pop("platform")
        return platform.transaction()

    return _command(work, opened, [], _option("platform", Platform, PLATFORM))


def as_account(work: Work) -> Command:
    """A command that acts as the account that it names; an open one."""
    return _as_account(work, closed=False)


def as_any_account(work: Work) -> Command:
    """A command that acts as the account that it names, which may be closed."""
    return _as_account(work, closed=True)


def as_owner(work: Work) -> Command:
    """A command that acts as the account that it names, or as the platform when it names none."""

    def opened(given: dict[str, Any]) -> AbstractAsyncContextManager[Tx]:
        platform: Platform = given.pop("platform")
        account_id = given.pop("account")
        if account_id is None:
            return platform.transaction()
        return platform.installation.transaction(account_id)

    account = _option("account", options.Owner, None)
    return _command(work, opened, [], account, _option("platform", Platform, PLATFORM))


def working(work: Callable[..., Coroutine[Any, Any, Said]]) -> Command:
    """A command that opens what it needs itself."""

    @functools.wraps(work)
    def command(*args: Any, **kwargs: Any) -> None:
        say(done(work(*args, **kwargs)))

    return command


def done(work: Coroutine[Any, Any, T]) -> T:
    """The result of some work; a refusal is one sentence."""
    try:
        return asyncio.run(work)
    except Failure as refused:
        raise StartError(refused.message) from None


def say(said: Said) -> None:
    """Print what a command has to say."""
    if said is not None:
        print(*([said] if isinstance(said, str) else said), sep="\n")


async def account_of(tx: Tx, account_id: str, *, closed: bool = False) -> Tx:
    """The transaction acting as an account of the platform, a closed one only if ``closed``."""
    found = await acting(tx, account_id, closed=closed)
    if found is None:
        raise StartError(f"There is no account {account_id}.")
    return found


async def connected_account(tx: Tx, account_id: str) -> Tx:
    """The transaction acting as an account of the platform that is not the platform itself."""
    if account_id == tx.account_id:
        raise StartError(f"There is no account {account_id}.")
    return await account_of(tx, account_id)


@asynccontextmanager
async def as_owner_of(
    database: Database,
    find: Callable[..., Awaitable[str | None]],
    subject: str,
    what: str,
    *,
    closed: bool = False,
) -> AsyncIterator[Tx]:
    """A transaction as the account of a subject, which ``find`` tells from its id."""
    async with database.connection() as connection:
        owner = await find(connection, subject)
    if owner is None:
        raise StartError(f"There is no {what} {subject}.")
    async with registry.transaction(database, owner, closed=closed) as tx:
        yield tx


def _as_account(work: Work, *, closed: bool) -> Command:
    def opened(given: dict[str, Any]) -> AbstractAsyncContextManager[Tx]:
        where: Installation = given.pop("installation")
        return where.transaction(given.pop("account"), closed=closed)

    place = inspect.signature(work).parameters["tx"]
    account = place.replace(name="account", annotation=options.Account)
    return _command(work, opened, [account], _option("installation", Installation, INSTALLATION))


def _option(name: str, annotation: Any, default: Any) -> Option:
    return Option(name, Option.KEYWORD_ONLY, annotation=annotation, default=default)


def _command(
    work: Work,
    opened: Callable[[dict[str, Any]], AbstractAsyncContextManager[Tx]],
    instead: list[Option],
    *more: Option,
) -> Command:
    """A command that takes what ``work`` takes, with ``instead`` in the place of ``tx`` and with
    ``more``; ``opened`` takes these out of what was given."""
    whole = inspect.signature(work)
    parameters: list[Option] = []
    for parameter in whole.parameters.values():
        parameters += instead if parameter.name == "tx" else [parameter]
    signature = whole.replace(parameters=[*parameters, *more], return_annotation=None)

    async def run(given: dict[str, Any]) -> Said:
        async with opened(given) as tx:
            arguments = inspect.BoundArguments(whole, {**given, "tx": tx})
            return await work(*arguments.args, **arguments.kwargs)

    @functools.wraps(work)
    def command(*args: Any, **kwargs: Any) -> None:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        say(done(run(bound.arguments)))

    command.__signature__ = signature  # type: ignore[attr-defined]
    # A signature is otherwise read through to the function that is wrapped.
    del command.__wrapped__
    return command
