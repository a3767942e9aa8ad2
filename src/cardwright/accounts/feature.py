"""What connected accounts bring."""

from cardwright.accounts import deadlines
from cardwright.accounts.flows import create_platform_account
from cardwright.accounts.operations import (
    agreements,
    external_accounts,
    requirements,
    review_cases,
    v1,
    v1_tokens,
    v2,
    v2_tokens,
    verification_provider,
)
from cardwright.accounts.operations.vendor_posting import VerificationPoster
from cardwright.accounts.record.bank_account import BankAccount
from cardwright.features.declaration import Feature, Pages
from cardwright.features.process import Process
from cardwright.wire import expand


def poster(process: Process) -> VerificationPoster:
    """The loop that posts cases to those who verify."""
    return VerificationPoster(process.database, process.outbound)


def pages(process: Process) -> Pages:
    """Where those come who verify."""
    from cardwright.accounts.operations import vendor_answers

    return vendor_answers.handlers(process.database, process.blobs)


FEATURE = Feature(
    operations=(
        *v1.OPERATIONS,
        *external_accounts.OPERATIONS,
        *v1_tokens.OPERATIONS,
        *v2_tokens.OPERATIONS,
        *v2.OPERATIONS,
        *agreements.OPERATIONS,
        *requirements.OPERATIONS,
        *review_cases.OPERATIONS,
        *verification_provider.OPERATIONS,
    ),
    loaders={"account": v1.LOADER, "bank_account": expand.loader(BankAccount)},
    deadlines=deadlines.HANDLERS,
    provisioning=(create_platform_account,),
    parts=(poster,),
    pages=pages,
)
