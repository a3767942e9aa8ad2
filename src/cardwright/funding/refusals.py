"""What is refused about money on its way in, out and between accounts."""

from cardwright.kernel.refusal import Refusal

STATEMENT_MALFORMED = Refusal(
    "statement_malformed", "The file is no bank statement that can be read: {reason}."
)
BANK_VERIFICATION_FAILED = Refusal(
    "bank_verification_failed",
    "The amounts provided do not match the amounts that were sent to the bank account.",
    code="bank_account_verification_failed",
)
BANK_VERIFICATION_BY_OPERATOR = Refusal(
    "bank_verification_by_operator",
    "In live mode the operator confirms that a bank account may be debited.",
)
SOURCE_UNUSABLE = Refusal(
    "source_unusable",
    "The source {source} cannot be debited: it is {status}. It must be chargeable.",
    code="bank_account_unverified",
)
FUNDING_NOT_SET_UP = Refusal(
    "funding_not_set_up",
    "There is no bank account to send {currency} to yet: the operator sets it up at "
    "/_cardwright/bank_accounts.",
)
FUNDING_NUMBERS_USED_UP = Refusal(
    "funding_numbers_used_up",
    "No number of the operator's bank is free for {currency}: a shorter number_prefix leaves "
    "room for more.",
)
INSUFFICIENT_CAPABILITIES_FOR_TRANSFER = Refusal(
    "insufficient_capabilities_for_transfer",
    "Your destination account needs to have the capability transfers active; it is {status}.",
    code="insufficient_capabilities_for_transfer",
)
REVERSAL_TOO_LARGE = Refusal(
    "reversal_too_large",
    "The reversal of {amount} is greater than what is left of the transfer: {left}.",
    code="amount_too_large",
)
TRANSFER_REVERSED = Refusal(
    "transfer_reversed", "The transfer {transfer} is fully reversed already."
)
PAYOUTS_NOT_ALLOWED = Refusal(
    "payouts_not_allowed",
    "Payouts are not enabled for this account: see its requirements.",
    code="payouts_not_allowed",
)
EXTERNAL_ACCOUNT_MISSING = Refusal(
    "external_account_missing", "The account has no external account in that currency ({currency})."
)
INSTANT_PAYOUTS_UNSUPPORTED = Refusal(
    "instant_payouts_unsupported",
    "The external account {destination} takes no instant payouts.",
    code="instant_payouts_unsupported",
)
BANK_ACCOUNT_SETUP_INCOMPLETE = Refusal(
    "bank_account_setup_incomplete",
    "To pay out in {currency}, set up the bank account it leaves from at "
    "/_cardwright/bank_accounts.",
)
PAYMENT_FILE_EMPTY = Refusal(
    "payment_file_empty", "No payout in {currency} is waiting for a payment file."
)
