"""Why a bank did not move money: codes of the contract, with words for people."""

from typing import Annotated, Final

from cardwright.wire.resource import Mark, Parameters

MESSAGES: Final = {
    "account_closed": "The bank account has been closed.",
    "account_frozen": "The bank account has been frozen.",
    "bank_account_restricted": "The bank account has restrictions on the kind or size of payments.",
    "bank_ownership_changed": "The bank account belongs to another bank now.",
    "could_not_process": "The bank could not process this payment.",
    "debit_not_authorized": "Debits are not approved on the bank account.",
    "declined": "The bank has declined this payment.",
    "incorrect_account_holder_address": "The bank has another address of the account holder.",
    "incorrect_account_holder_name": "The bank has another name of the account holder.",
    "incorrect_account_holder_tax_id": "The bank has another tax id of the account holder.",
    "insufficient_funds": "There is not enough money to make this payment.",
    "invalid_account_number": "The account number does not exist or cannot be paid.",
    "invalid_account_number_length": "The account number has too few or too many digits.",
    "invalid_currency": "The bank account does not take the currency of this payment.",
    "no_account": "The bank account could not be found.",
    "unsupported_card": "The bank does not take payments to this card.",
}
# What is said when whoever reports a failure does not know why.
UNKNOWN = "could_not_process"


class Failed(Parameters):
    """Why the bank did not move the money."""

    failure_code: Annotated[str, Mark(choices=frozenset(MESSAGES))] = UNKNOWN
