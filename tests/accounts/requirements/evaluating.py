"""Accounts, persons and facts for tables of requirements, without a database."""

from typing import Any

import msgspec

from cardwright.accounts.record.identity import Person
from cardwright.accounts.record.model import Account, Capability
from cardwright.accounts.requirements.catalogue import Catalogue
from cardwright.accounts.requirements.checks import Fact
from cardwright.accounts.requirements.circumstances import UNEVENTFUL, Circumstances
from cardwright.accounts.requirements.evaluation import Evaluation, evaluate
from cardwright.wire.given import Given, build
from cardwright.wire.resource import Moment
from tests.accounts.calls import BOTH_TERMS, BUSINESS, CHARGE_CARD

NOW_MS = 1_750_207_696_000
CREATED = Moment("2025-06-18T00:48:16.000Z")


def account(country: str, entity_type: str, **identity: Any) -> Account:
    """An account with nothing but its identity; an individual's person is ``person_self``."""
    tree = {"identity": {"country": country, "entity_type": entity_type, **identity}}
    made = build(Account, Given(Account, tree, "v2"), id="acct_1", created=CREATED, livemode=False)
    individual = made.identity.individual
    if individual is not None:
        individual = msgspec.structs.replace(individual, id="person_self")
        made.identity.individual = individual
    return made


def person(identifier: str = "person_1", **given: Any) -> Person:
    """A person with what is given."""
    return build(Person, Given(Person, given, "v2"), id=identifier, created=CREATED, livemode=False)


def whole(country: str = "GB", **individual: Any) -> Account:
    """An individual with nothing missing."""
    place = {"line1": "address_full_match", "city": "London", "postal_code": "WC1N 3AX"}
    made = account(
        country,
        "individual",
        individual={
            "given_name": "Jenny",
            "surname": "Rosen",
            "date_of_birth": {"day": 1, "month": 1, "year": 1901},
            "address": {**place, "state": "CA"},
            "email": "jenny.rosen@example.com",
            "phone": "0000000000",
            "id_numbers": [{"type": "us_ssn_last_4"}] if country == "US" else [],
            **individual,
        },
        business_details=BUSINESS,
        attestations={"terms_of_service": BOTH_TERMS},
    )
    tree = {
        "configuration": {"merchant": {"mcc": "5045"}},
        "defaults": {"profile": {"product_description": "Socks"}},
    }
    other = build(Account, Given(Account, tree, "v2"), id="acct_1", created=CREATED, livemode=False)
    return msgspec.structs.replace(made, configuration=other.configuration, defaults=other.defaults)


def evaluated(
    of: Account,
    persons: list[Person] | None = None,
    facts: list[Fact] | None = None,
    paths: tuple[str, ...] = (CHARGE_CARD,),
    now_ms: int = NOW_MS,
    circumstances: Circumstances = UNEVENTFUL,
    catalogue: Catalogue | None = None,
) -> Evaluation:
    """The evaluation of a connected account that requested these capabilities."""
    of = msgspec.structs.replace(of, platform_id="acct_platform")
    wanted = [Capability(path, True, "", [], 0) for path in paths]
    return evaluate(of, persons or [], facts or [], wanted, now_ms, circumstances, catalogue)


def asked(evaluation: Evaluation, status: str | None = None) -> list[str]:
    """The paths of the entries, in order, perhaps of one status only."""
    return [
        entry.description
        for entry in evaluation.requirements.entries
        if status in (None, entry.minimum_deadline.status)
    ]


def fact(subject: str, name: str, outcome: str | None, **more: Any) -> Fact:
    """Something that was found out."""
    return Fact(subject, name, "digest", outcome, more.pop("completed", True), **more)
