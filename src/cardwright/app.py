"""The list of features, in the order of the line of rooms.

A command that only works on the database needs no more than ``database``; who serves builds
``roles/application.py`` besides.
"""

from functools import cache

import asyncpg

from cardwright.accounts import feature as accounts
from cardwright.authorizations import feature as authorizations
from cardwright.bookkeeping import feature as bookkeeping
from cardwright.bureau import feature as bureau
from cardwright.cardholders import feature as cardholders
from cardwright.cards import feature as cards
from cardwright.compliance import feature as compliance
from cardwright.credit import feature as credit
from cardwright.currencies import feature as currencies
from cardwright.designs import feature as designs
from cardwright.disputes import feature as disputes
from cardwright.environments import feature as environments
from cardwright.events import emission
from cardwright.events import feature as events
from cardwright.faults import feature as faults
from cardwright.features import feature as features
from cardwright.features.declaration import Feature
from cardwright.features.declaration import install as fill_registries
from cardwright.files import feature as files
from cardwright.financial_accounts import feature as financial_accounts
from cardwright.funding import feature as funding
from cardwright.hosted import feature as hosted
from cardwright.issuing_elements import feature as issuing_elements
from cardwright.kernel.database import Database
from cardwright.kernel.vault import Vault
from cardwright.ledger import feature as ledger
from cardwright.local_development import feature as local_development
from cardwright.notices import feature as notices
from cardwright.programs import feature as programs
from cardwright.request_log import feature as request_log
from cardwright.simulator import feature as simulator
from cardwright.tokens import feature as tokens
from cardwright.transactions import feature as transactions
from cardwright.wire.front import OPERATIONS
from cardwright.wire.operation import Operation

FEATURES: tuple[Feature, ...] = (
    features.FEATURE,
    request_log.FEATURE,
    currencies.FEATURE,
    ledger.FEATURE,
    events.FEATURE,
    files.FEATURE,
    accounts.FEATURE,
    notices.FEATURE,
    funding.FEATURE,
    financial_accounts.FEATURE,
    programs.FEATURE,
    designs.FEATURE,
    credit.FEATURE,
    cardholders.FEATURE,
    cards.FEATURE,
    tokens.FEATURE,
    bureau.FEATURE,
    authorizations.FEATURE,
    transactions.FEATURE,
    disputes.FEATURE,
    bookkeeping.FEATURE,
    compliance.FEATURE,
    hosted.FEATURE,
    environments.FEATURE,
    faults.FEATURE,
    simulator.FEATURE,
    local_development.FEATURE,
    issuing_elements.FEATURE,
)


@cache
def install() -> None:
    """Fill the registries that the features give something for, unless it was done already."""
    fill_registries(FEATURES)


def operations() -> tuple[Operation, ...]:
    """Every operation of the product."""
    install()
    return tuple(OPERATIONS.values())


def database(pool: "asyncpg.Pool[asyncpg.Record]", vault: Vault) -> Database:
    """The database for flows, on an open pool: whatever a transaction tells of is heard, and its
    events are written."""
    install()
    return Database(pool, vault, emission.write)
