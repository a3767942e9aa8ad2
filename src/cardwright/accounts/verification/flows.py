"""Verification: which checks run, who answers them, and what has been answered.

Who answers is the provider's affair (``verification_providers``). A check runs once for given
values: its fact keeps a digest of them, and so does the case of one that somebody is asked about.
"""

import msgspec
from msgspec import UNSET

from cardwright.accounts.record.identity import Person
from cardwright.accounts.record.model import Account
from cardwright.accounts.requirements import checks
from cardwright.accounts.requirements.catalogue import catalogue_of
from cardwright.accounts.requirements.checks import VERIFIED, Check, Fact, IdNumbers
from cardwright.accounts.verification import cases as verification_cases
from cardwright.accounts.verification.providers import Provider, provider_of
from cardwright.accounts.verification.test_values import Earlier
from cardwright.kernel import clock
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import deadlines, secrets
from cardwright.tenancy import refusals as tenancy_refusals

QUERIES = verification_cases.QUERIES
# Answers of the test environment that are not immediate come this much later: in machine time, as
# a virtual clock stands still, and on the clock, should it be advanced before.
CHECK_MS = clock.SECOND_MS
COMPLETION = "account_verification"
COMPLETION_ON_CLOCK = "account_verification_on_clock"

_FACTS = QUERIES.many("list_facts", Fact)
_PUT = QUERIES.run("put_facts")
_DELETE = QUERIES.run("delete_fact")
_COMPLETE = QUERIES.run("complete_checks")
_ANSWER = QUERIES.run("answer_check")


async def seal_person(tx: Tx, person: Person) -> Person:
    """Move given id numbers of a person into the vault; their kinds stay."""
    kept = []
    for number in person.id_numbers:
        if number.value is not UNSET:
            await secrets.put(tx, person.id, f"id_number.{number.type}", number.value.reveal())
        kept.append(msgspec.structs.replace(number, value=UNSET))
    return msgspec.structs.replace(person, id_numbers=kept)


async def seal_account(tx: Tx, account: Account) -> Account:
    """Move given id numbers of the account and its individual into the vault."""
    identity = account.identity
    details, individual = identity.business_details, identity.individual
    if details is not None:
        kept = []
        for number in details.id_numbers:
            if number.value is not UNSET:
                name = f"id_number.{number.type}"
                await secrets.put(tx, account.id, name, number.value.reveal())
            kept.append(msgspec.structs.replace(number, value=UNSET))
        details = msgspec.structs.replace(details, id_numbers=kept)
    if individual is not None:
        individual = await seal_person(tx, individual)
    identity = msgspec.structs.replace(identity, business_details=details, individual=individual)
    return msgspec.structs.replace(account, identity=identity)


async def id_numbers_of(tx: Tx, account: Account, persons: list[Person]) -> IdNumbers:
    """The id numbers in clear, for as long as the checks are made up."""
    wanted: list[tuple[str, str]] = []
    if account.identity.business_details is not None:
        numbers = account.identity.business_details.id_numbers
        wanted.extend((account.id, number.type) for number in numbers)
    for person in checks.checked_persons(account, persons):
        wanted.extend((person.id, number.type) for number in person.id_numbers)
    names = [(subject, f"id_number.{kind}") for subject, kind in wanted]
    found = await secrets.several(tx.connection, tx.vault, tx.account_id, names)
    return {
        (subject, name.removeprefix("id_number.")): value
        for (subject, name), value in found.items()
    }


async def run_checks(
    tx: Tx, account: Account, persons: list[Person], facts: list[Fact]
) -> list[Fact]:
    """Start a check of every value that changed; returns all facts about the values as they are.

    ``tx`` acts as the account, ``facts`` are those that are stored of it. What the test
    environment answers later is completed by a deadline.
    """
    stored = {(fact.subject, fact.name): fact for fact in facts}
    catalogue = catalogue_of(account.identity.country or "")
    if catalogue is None:
        return []
    numbers = await id_numbers_of(tx, account, persons)
    current: list[Fact] = []
    begun: list[Fact] = []
    provider: Provider | None = None
    for check in checks.checks_of(account, persons, catalogue, numbers):
        known = stored.pop((check.subject, check.name), None)
        digest = digest_of(tx, check)
        if known is None or known.digest != digest:
            provider = provider or await provider_of(tx)
            known = await _begin(tx, provider, check, digest, known)
            begun.append(known)
        current.append(known)
    await _put(tx, begun)
    for fact in stored.values():
        await _supersede(tx, fact)
        await _DELETE(tx.connection, account_id=tx.account_id, subject=fact.subject, name=fact.name)
    if any(fact.pending and fact.outcome is not None for fact in begun):
        due_ms = clock.machine_ms() + CHECK_MS
        await deadlines.schedule(
            tx, kind=COMPLETION, subject=account.id, due_ms=due_ms, timebase="machine"
        )
        if tx.clock_id is not None:
            due_ms = tx.now_ms + CHECK_MS
            await deadlines.schedule(
                tx, kind=COMPLETION_ON_CLOCK, subject=account.id, due_ms=due_ms
            )
    return current


async def facts_of(tx: Tx) -> list[Fact]:
    """The stored facts of the acting account."""
    return await _FACTS(tx.connection, account_id=tx.account_id)


async def cancel_completion(tx: Tx) -> None:
    """No answer of the test environment is on its way to the acting account any more."""
    await deadlines.cancel(tx, kind=COMPLETION, subject=tx.account_id)
    if tx.clock_id is not None:
        await deadlines.cancel(tx, kind=COMPLETION_ON_CLOCK, subject=tx.account_id)


async def complete(tx: Tx) -> int:
    """Let the answers that were on their way count; returns how many there were."""
    await cancel_completion(tx)
    return await _COMPLETE(tx.connection, account_id=tx.account_id)


async def answer(
    tx: Tx,
    subject: str,
    name: str,
    outcome: str,
    *,
    due_ms: int | None = None,
    wants_document: bool = False,
) -> None:
    """Write the answer to a check of the acting account; it must have been started."""
    touched = await _ANSWER(
        tx.connection,
        account_id=tx.account_id,
        subject=subject,
        name=name,
        outcome=outcome,
        due_ms=due_ms,
        wants_document=wants_document,
    )
    if not touched:
        fail(tenancy_refusals.RESOURCE_MISSING, object="verification", id=f"{subject}/{name}")
    await verification_cases.close(tx, subject, name, outcome, wants_document=wants_document)


async def _begin(
    tx: Tx, provider: Provider, check: Check, digest: str, before: Fact | None
) -> Fact:
    """Start a check: returns what is known of it from now on; a case is opened if need be."""
    earlier = None
    plain = checks.plain_answer(check)
    if before is not None:
        await _supersede(tx, before)
        was = before.digest
        earlier = Earlier(before.outcome, lambda other: digest_of(tx, other) == was)
    if plain is not None:
        return Fact(check.subject, check.name, digest, plain, completed=True)
    begun = provider.begin(check, earlier, person=check.subject != tx.account_id)
    outcome, completed = begun.outcome, begun.immediate and begun.outcome is not None
    wants_document = False
    if outcome is None:
        case = await verification_cases.open_case(tx, check, digest, begun.asked)
        if case.status in verification_cases.ANSWERED:
            outcome = VERIFIED if case.status == "approved" else case.code
            completed, wants_document = True, case.status == "document_requested"
    return Fact(
        check.subject, check.name, digest, outcome, completed, wants_document=wants_document
    )


async def _supersede(tx: Tx, fact: Fact) -> None:
    """Nobody needs an answer to the values of this fact any more."""
    if fact.pending and fact.outcome is None:
        await verification_cases.supersede(tx, fact.subject, fact.name)


def digest_of(tx: Tx, check: Check) -> str:
    content = msgspec.json.encode(check.values, order="sorted").decode()
    return tx.vault.blind_index(content, f"verification/{check.subject}/{check.name}")


async def _put(tx: Tx, facts: list[Fact]) -> None:
    """Write facts over earlier ones of the same checks."""
    if not facts:
        return
    await _PUT(
        tx.connection,
        account_id=tx.account_id,
        subjects=[fact.subject for fact in facts],
        names=[fact.name for fact in facts],
        digests=[fact.digest for fact in facts],
        outcomes=[fact.outcome for fact in facts],
        completed=[fact.completed for fact in facts],
        due_ms=[fact.due_ms for fact in facts],
        wants_document=[fact.wants_document for fact in facts],
        started_ms=tx.now_ms,
    )
