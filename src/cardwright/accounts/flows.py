"""What happens to accounts: create, update, evaluate, reject, close.

All but ``create_account`` and ``create_platform_account`` work on a transaction that acts as the
account (``acting``). Every change is evaluated anew: requirements and the status of capabilities
follow from what is stored and are never set.
"""

from dataclasses import replace
from typing import Any

import msgspec

from cardwright.accounts import agreement_records, refusals, rules
from cardwright.accounts.announce import announce
from cardwright.accounts.record import documents
from cardwright.accounts.record.acting import acting
from cardwright.accounts.record.bank_account import BankAccount
from cardwright.accounts.record.capabilities import card_issuing_path, requested_paths
from cardwright.accounts.record.configurations import CONFIGURATIONS
from cardwright.accounts.record.identity import Person
from cardwright.accounts.record.model import (
    Account,
    AccountClosing,
    AccountEvaluated,
    AccountState,
    CapabilitiesChanged,
    Capability,
    Rejection,
)
from cardwright.accounts.record.store import lock_state, put_capabilities
from cardwright.accounts.requirements.circumstances import ISSUING, UNEVENTFUL
from cardwright.accounts.requirements.evaluation import evaluate
from cardwright.accounts.requirements.issuing_closures import ask_again
from cardwright.accounts.requirements.store import circumstances_of
from cardwright.accounts.requirements.store import keep as keep_circumstances
from cardwright.accounts.verification import cases as verification_cases
from cardwright.accounts.verification import flows as verification
from cardwright.features.happenings import dispatch
from cardwright.kernel import clock, ids
from cardwright.kernel.clock import rfc3339
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.ledger import flows as ledger
from cardwright.ledger.chart import FINANCIAL_ACCOUNT
from cardwright.tenancy import deadlines, platforms, registry, secrets, test_clocks
from cardwright.wire import rows
from cardwright.wire.given import Given, build, merge
from cardwright.wire.resource import Moment

# The deadline at which requirements may begin to restrict.
REQUIREMENT = "account_requirement"
# Books that must be empty before an account is closed.
_OWN_BOOKS = ("issuing", "owed", "payments", "payments_pending")

# Books of money that is under way.
_TRANSIT_BOOKS = ("moves_in_transit", "payouts_in_transit", "topups_in_transit")

Tree = dict[str, Any]


async def create_account(tx: Tx, given: Given[Account]) -> AccountState:
    """A new connected account of the acting platform."""
    account_id = ids.new_id(Account.prefix)
    named = given.get("test_clock")
    now_ms = tx.now_ms if named is None else await test_clocks.hold(tx, named)
    await registry.register(
        tx.connection,
        account_id=account_id,
        platform_id=tx.account_id,
        livemode=tx.livemode,
        created_ms=now_ms,
        clock_id=named or tx.clock_id,
    )
    on_account = replace(tx, account_id=account_id, now_ms=now_ms, clock_id=named or tx.clock_id)
    tree, wishes = split_capabilities(
        {name: value for name, value in given.tree.items() if name != "test_clock"}
    )
    account = build(
        Account,
        Given(Account, tree, given.style),
        id=account_id,
        created=Moment(rfc3339(now_ms)),
        livemode=tx.livemode,
        platform_id=tx.account_id,
    )
    account = rules.completed(_with_individual(on_account, account))
    account = rules.remembering_v1(account, given.style, wishes)
    requested = {path for path, wanted in wishes.items() if wanted}
    rules.check_new(account, requested)
    rules.check_past(account, clock.latest_ms(now_ms))
    await documents.check_account(on_account, None, account)
    account = await verification.seal_account(on_account, account)
    return await _evaluate_and_write(on_account, None, AccountState(account, [], {}), requested)


async def create_platform_account(tx: Tx) -> Account:
    """The account of a new platform itself; it belongs to no other, and issues cards if the
    platform's settings name a country."""
    account = Account(
        id=tx.account_id,
        created=Moment(rfc3339(tx.now_ms)),
        dashboard="full",
        display_name="Platform",
        livemode=tx.livemode,
    )
    _, settings = await platforms.settings_of(tx.connection, tx.account_id)
    country = settings.issuing_country
    if country is not None:
        account = rules.issuing_in(account, country)
        path = card_issuing_path(country)
        await put_capabilities(tx, [Capability(path, True, "active", [], tx.now_ms)])
    await rows.insert(tx, account)
    return account


async def let_platform_issue(tx: Tx, country: str) -> AccountState:
    """Let the acting platform's own account issue the cards of a country, for which the operator
    answers: nothing is asked of it. Refuses another country than the one it has."""
    before = await lock_state(tx)
    if before.account.identity.country not in (None, country):
        fail(
            refusals.PLATFORM_COUNTRY_FIXED,
            param="country",
            country=before.account.identity.country,
        )
    _, settings = await platforms.settings_of(tx.connection, tx.account_id)
    changed = msgspec.structs.replace(settings, issuing_country=country)
    await platforms.change_settings(tx.connection, tx.account_id, changed)
    account = rules.issuing_in(before.account, country)
    after = msgspec.structs.replace(before, account=account)
    requested = {*before.capabilities, card_issuing_path(country)}
    return await _evaluate_and_write(tx, before, after, requested)


async def update_account(tx: Tx, given: Given[Account]) -> AccountState:
    """The acting account with the given members changed."""
    before = await lock_state(tx)
    tree, wishes = split_capabilities(given.tree)
    if given.style == "v2":
        rules.check_deactivations(before.account, tree)
        tree = _naming_merchant(before.account, tree)
    _check_deactivated(before.account, tree, wishes)
    account = merge(before.account, Given(Account, tree, given.style))
    account = rules.of_its_kind(before, account)
    account = rules.completed(_with_individual(tx, account, before.account))
    account = rules.remembering_v1(account, given.style, wishes)
    requested = {path for path in before.capabilities if wishes.get(path, True)}
    requested |= {path for path, wanted in wishes.items() if wanted}
    requested = {
        path for path in requested if path.partition(".")[0] in account.applied_configurations
    }
    if any(wanted and path.startswith(ISSUING) for path, wanted in wishes.items()):
        await ask_again(tx)
    capabilities = list(before.capabilities.values())
    rules.check_update(before.account, account, requested, capabilities)
    rules.check_destination(before, account)
    rules.check_past(account, clock.latest_ms(tx.now_ms))
    await documents.check_account(tx, before.account, account, before.persons)
    gone = before.account.identity.individual
    if gone is not None and account.identity.individual is None:
        await secrets.forget(tx, gone.id)
    account = await verification.seal_account(tx, account)
    after = msgspec.structs.replace(before, account=account)
    return await _evaluate_and_write(tx, before, after, requested)


async def request_capability(tx: Tx, path: str) -> AccountState:
    """Ask for a capability of the acting account, by its path; asking twice changes nothing."""
    configuration, _, name = path.partition(".")
    tree: Tree = {"requested": True}
    for step in reversed(name.split(".")):
        tree = {step: tree}
    wanted = {"configuration": {configuration: {"capabilities": tree}}}
    return await update_account(tx, Given(Account, wanted, "v2"))


async def reevaluate(tx: Tx, account_id: str | None = None) -> AccountState:
    """Work out anew what an account needs; for whoever changed a fact that it depends on."""
    on_account = tx if account_id is None else await acting(tx, account_id)
    assert on_account is not None, f"no account {account_id}"
    before = await lock_state(on_account, closed=True)
    return await _evaluate_and_write(on_account, before, before, set(before.capabilities))


async def persons_changed(tx: Tx, before: AccountState, persons: list[Person]) -> AccountState:
    """Work out anew what the acting account needs with these persons; ``before`` is locked."""
    after = msgspec.structs.replace(before, persons=persons)
    return await _evaluate_and_write(tx, before, after, set(before.capabilities))


async def external_accounts_changed(
    tx: Tx, before: AccountState, external_accounts: list[BankAccount]
) -> AccountState:
    """Work out anew what the acting account needs with these bank accounts; ``before`` is
    locked."""
    after = msgspec.structs.replace(before, external_accounts=external_accounts)
    return await _evaluate_and_write(tx, before, after, set(before.capabilities))


async def account_changed(
    tx: Tx, before: AccountState, account: Account, *, reason: str
) -> AccountState:
    """Write the acting account as it shall be and work out anew what it needs; ``before`` is
    locked. ``reason`` is kept with agreements that end."""
    after = msgspec.structs.replace(before, account=account)
    return await _evaluate_and_write(tx, before, after, set(before.capabilities), reason)


async def complete_verifications(tx: Tx) -> AccountState:
    """Let the answers of the test environment count."""
    before = await lock_state(tx, closed=True)
    await verification.complete(tx)
    return await _evaluate_and_write(tx, before, before, set(before.capabilities))


async def record_verification(
    tx: Tx,
    subject: str,
    name: str,
    outcome: str,
    *,
    due_ms: int | None = None,
    wants_document: bool = False,
) -> AccountState:
    """Take the answer of the operator or a provider to a check of the acting account.

    ``subject`` is the account or a person, ``name`` the check (identity, id_number, address,
    document), ``outcome`` ``verified`` or the code of a requirement error. A failure with
    ``due_ms`` restricts from that instant on only; with ``wants_document`` a document is due in the
    place of the value.
    """
    before = await lock_state(tx)
    await verification.answer(
        tx, subject, name, outcome, due_ms=due_ms, wants_document=wants_document
    )
    return await _evaluate_and_write(tx, before, before, set(before.capabilities))


async def reject_account(tx: Tx, reason: Rejection) -> AccountState:
    """Reject the acting account: its capabilities are restricted whatever it provides."""
    before = await lock_state(tx)
    account = msgspec.structs.replace(before.account, rejection=reason)
    after = msgspec.structs.replace(before, account=account)
    return await _evaluate_and_write(tx, before, after, set(before.capabilities))


async def close_account(tx: Tx, configurations: list[str] | None = None) -> AccountState:
    """Close the acting account; ``configurations`` (v2) must be all that it has applied. In live
    mode it must be empty; a test account is closed with the money that it has."""
    before = await lock_state(tx)
    account = before.account
    if account.platform_id is None:
        fail(refusals.PLATFORM_NOT_CLOSED)
    if configurations is not None:
        rules.check_close(account, configurations)
    rules.check_liable(account)
    if account.livemode:
        await _check_empty(tx)
    after = msgspec.structs.replace(before, account=msgspec.structs.replace(account, closed=True))
    await rows.save(tx, after.account)
    await verification.cancel_completion(tx)
    await verification_cases.supersede_all(tx)
    await deadlines.cancel(tx, kind=REQUIREMENT, subject=account.id)
    await registry.close(tx, tx.account_id)
    await dispatch(tx, AccountClosing())
    tx.emit("v2.core.account.closed", after.account)
    return after


async def _check_empty(tx: Tx) -> None:
    """Refuse to close an account that has money, or money under way."""
    for balance in await ledger.balances_of(tx.connection, tx.account_id):
        shown = f"{balance.available_minor} {balance.currency} {balance.book}"
        own = balance.book in _OWN_BOOKS or balance.book.startswith(FINANCIAL_ACCOUNT)
        if own and balance.available_minor:
            fail(refusals.CANNOT_DELETE_ACCOUNT_WITH_BALANCE, balance=shown)
        moving = balance.available_minor if balance.book in _TRANSIT_BOOKS else balance.held_minor
        if moving:
            shown = f"{moving} {balance.currency} {balance.book}"
            fail(refusals.PENDING_TRANSACTIONS_CANNOT_BE_DELETED, balance=shown)


def split_capabilities(tree: Tree) -> tuple[Tree, dict[str, bool]]:
    """The given tree without its capabilities, and the capability paths with their wishes."""
    configuration = tree.get("configuration")
    if configuration is None:
        return tree, {}
    wishes: dict[str, bool] = {}
    rest: Tree = {}
    for name, given in configuration.items():
        rest[name] = given
        if given is not None and "capabilities" in given:
            rest[name] = {key: value for key, value in given.items() if key != "capabilities"}
            wishes.update(requested_paths(name, given["capabilities"] or {}))
    return {**tree, "configuration": rest}, wishes


def _check_deactivated(account: Account, tree: Tree, wishes: dict[str, bool]) -> None:
    """Refuse to change a configuration that is out of force.

    Facts of a merchant may be written at any time: v1 keeps them without the configuration.
    """
    given = tree.get("configuration") or {}
    named = {path.partition(".")[0] for path in wishes}
    for name in CONFIGURATIONS:
        current = getattr(account.configuration, name)
        if name == "merchant" or current is None or current.applied:
            continue
        wanted = given.get(name)
        touched = name in named or (wanted and set(wanted) - {"applied"})
        if touched and not (wanted or {}).get("applied"):
            fail(
                refusals.CONFIGURATION_CANNOT_BE_UPDATED_WHILE_DEACTIVATED,
                param=f"configuration.{name}",
                configuration=name,
            )


def _naming_merchant(account: Account, tree: Tree) -> Tree:
    """Facts that v1 wrote become a merchant's as soon as v2 names the configuration."""
    merchant = (tree.get("configuration") or {}).get("merchant")
    current = account.configuration.merchant
    if merchant is None or current is None or current.applied:
        return tree
    return {
        **tree,
        "configuration": {**tree["configuration"], "merchant": {"applied": True, **merchant}},
    }


def _with_individual(tx: Tx, account: Account, before: Account | None = None) -> Account:
    """The account whose individual, if it has one, is a whole person."""
    individual = account.identity.individual
    if individual is None or (before is not None and individual == before.identity.individual):
        return account
    now = Moment(rfc3339(tx.now_ms))
    individual = msgspec.structs.replace(
        individual,
        id=individual.id or ids.new_id(Person.prefix),
        account=account.id,
        created=individual.created or now,
        updated=now,
        livemode=account.livemode,
    )
    identity = msgspec.structs.replace(account.identity, individual=individual)
    return msgspec.structs.replace(account, identity=identity)


async def _evaluate_and_write(
    tx: Tx,
    before: AccountState | None,
    after: AccountState,
    requested: set[str],
    reason: str | None = None,
) -> AccountState:
    """Evaluate the account as it will be, write what changed and announce it."""
    await agreement_records.record(tx, before, after, reason)
    old = before.capabilities if before is not None else {}
    asked = [
        old.get(path) or Capability(path, True, "", [], tx.now_ms) for path in sorted(requested)
    ]
    stored = [] if before is None else await verification.facts_of(tx)
    facts = await verification.run_checks(tx, after.account, after.persons, stored)
    known = UNEVENTFUL if before is None else await circumstances_of(tx, after)
    evaluation = evaluate(after.account, after.persons, facts, asked, tx.now_ms, known)
    await keep_circumstances(tx, known, evaluation)
    if evaluation.next_deadline_ms is not None:
        due_ms = evaluation.next_deadline_ms
        await deadlines.schedule(tx, kind=REQUIREMENT, subject=after.account.id, due_ms=due_ms)
    capabilities = {}
    for capability in asked:
        standing = evaluation.standings[capability.path]
        capabilities[capability.path] = msgspec.structs.replace(
            capability, status=standing.status, status_details=standing.details
        )
    account = msgspec.structs.replace(
        after.account,
        requirements=evaluation.requirements,
        future_requirements=evaluation.future,
    )
    evaluated = msgspec.structs.replace(after, account=account, capabilities=capabilities)
    if evaluated == before:
        return evaluated
    if before is None:
        await rows.insert(tx, account)
    elif account != before.account:
        await rows.save(tx, account)
    given_back = [
        msgspec.structs.replace(old[path], requested=False)
        for path in old.keys() - capabilities.keys()
    ]
    changed = [one for path, one in capabilities.items() if old.get(path) != one]
    await put_capabilities(tx, sorted([*changed, *given_back], key=lambda one: one.path))
    announce(tx, before, evaluated)
    if capabilities != old:
        await dispatch(tx, CapabilitiesChanged())
    await dispatch(tx, AccountEvaluated(evaluated))
    return evaluated
