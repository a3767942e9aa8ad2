"""Agreements for the operator: the record of an account, and the versions of terms.

``/_cardwright/accounts/:id/agreements`` and ``/_cardwright/terms``; form, answers and errors are
those of v1.
"""

import msgspec

from cardwright.accounts import agreements
from cardwright.accounts.agreement_records import Agreement
from cardwright.accounts.agreements import Publication, TermsVersion
from cardwright.accounts.record.acting import named_account
from cardwright.kernel.clock import SECOND_MS
from cardwright.kernel.database import Tx
from cardwright.wire import pages
from cardwright.wire.operation import Call, Operation
from cardwright.wire.versions import Body

PATH = "/_cardwright/accounts/{id}/agreements"
TERMS = "/_cardwright/terms"


def shown_terms(terms: TermsVersion) -> Body:
    """A version as it is shown, its instant in seconds."""
    body: Body = msgspec.to_builtins(terms)
    return {**body, "published": body.pop("published_ms") // SECOND_MS}


async def list_agreements(tx: Tx, call: Call[Agreement]) -> pages.Page[Agreement]:
    """List what an account accepted and what was cleared, newest first."""
    at = await named_account(tx, call.path["id"], closed=True)
    return await pages.list_page(tx.connection, Agreement, at.account_id, call.given, call.page)


async def list_terms(tx: Tx, call: Call[TermsVersion]) -> pages.Page[Body]:
    """List versions of terms, newest first."""
    page = await pages.list_page(tx.connection, TermsVersion, tx.account_id, call.given, call.page)
    return pages.Page([shown_terms(one) for one in page.data], page.has_more, page.request)


async def publish_terms(tx: Tx, call: Call[Publication]) -> Body:
    """Publish a version of terms."""
    return shown_terms(await agreements.publish(tx, call.given.value()))


OPERATIONS = (
    Operation(
        method="GET",
        path=PATH,
        handler=list_agreements,
        takes=Agreement,
        letter="l",
        is_list=True,
        platform_only=True,
    ),
    Operation(
        method="GET",
        path=TERMS,
        handler=list_terms,
        takes=TermsVersion,
        letter="l",
        is_list=True,
        platform_only=True,
    ),
    Operation(
        method="POST", path=TERMS, handler=publish_terms, takes=Publication, platform_only=True
    ),
)
