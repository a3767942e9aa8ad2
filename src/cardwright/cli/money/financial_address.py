"""``cardwright financial-address``."""

from cardwright.cli import acting, options
from cardwright.financial_accounts import flows
from cardwright.financial_accounts.record.model import FinancialAddress
from cardwright.kernel.database import Tx
from cardwright.kernel.startup import StartError


def financial_address(
    address: str,
    *,
    account: str,
    account_number: str | None = None,
    routing_number: str | None = None,
    bank_name: str = "",
    bic: str | None = None,
    refuse: options.Flag = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Give a pending address of a financial account the number that money is sent to.

    Parameters
    ----------
    address
        The id of the address.
    account
        The account whose address it is.
    account_number
        The number that your bank gave, or an IBAN.
    routing_number
        The sort code or routing number of the bank; an IBAN has it inside.
    bank_name
        The name of the bank.
    bic
        The bank of an IBAN.
    refuse
        Say instead that your bank gives no number.
    """
    if refuse == (account_number is not None):
        raise StartError("Give either --account-number or --refuse.")

    async def work(tx: Tx) -> FinancialAddress:
        if account_number is None:
            return await flows.fail_address(tx, address)
        return await flows.activate_address(
            tx,
            address,
            number=account_number,
            routing_number=routing_number,
            bank_name=bank_name,
            bic=bic,
        )

    done = acting.as_account(work, account, data_dir, database_url)
    print(f"{done.id}: {done.status}")
