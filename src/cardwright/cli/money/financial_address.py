"""``cardwright financial-address``."""

from cardwright.cli import options
from cardwright.cli.installation import INSTALLATION, Installation
from cardwright.cli.transaction import Said, working
from cardwright.financial_accounts import verbs
from cardwright.kernel.startup import StartError


@working
async def financial_address(
    address: str,
    *,
    account: str,
    account_number: str | None = None,
    routing_number: str | None = None,
    bank_name: str = "",
    bic: str | None = None,
    refuse: options.Flag = False,
    installation: Installation = INSTALLATION,
) -> Said:
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
    async with installation.transaction(account) as tx:
        if account_number is None:
            done = await verbs.fail_address(tx, address)
        else:
            done = await verbs.activate_address(
                tx,
                address,
                number=account_number,
                routing_number=routing_number,
                bank_name=bank_name,
                bic=bic,
            )
    return f"{done.id}: {done.status}"
