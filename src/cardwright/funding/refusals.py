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
BALANCES_ALIKE = Refusal("balances_alike", "The balances of a transfer must differ.")
SOURCE_CONFIRMED_ALREADY = Refusal(
    "source_confirmed_already", "The source {source} is {status} already."
)
SOURCE_NOT_PENDING = Refusal(
    "source_not_pending", "The source {source} is {status}; only a pending one is verified."
)
SOURCE_BANK_UNSUPPORTED = Refusal(
    "source_bank_unsupported", "Only bank accounts in the United States can be debited, in usd."
)
BANK_TRANSFER_TYPE = Refusal(
    "bank_transfer_type", "Bank transfers in {currency} are of the type {expected}."
)
BANK_NUMBER_NOT_OF_CURRENCY = Refusal(
    "bank_number_not_of_currency", "Bank accounts in {currency} have no {param}."
)
NUMBER_PREFIX_TOO_LONG = Refusal(
    "number_prefix_too_long", "Behind the prefix, {least} digits have to be left for accounts."
)
LOW_BALANCE_AMOUNT_REPEATED = Refusal(
    "low_balance_amount_repeated", "There are two amounts of {currency}."
)
LOW_BALANCE_AMOUNTS_AND_PERCENT = Refusal(
    "low_balance_amounts_and_percent", "Give amounts, or a percentage of the spend, not both."
)
PAYOUT_CALLED_BACK = Refusal(
    "payout_called_back",
    "The payout {payout} was called back, and {reversal} has brought its money.",
)
PAYOUT_NOT_PAID = Refusal(
    "payout_not_paid", "The payout {payout} is {status}; only a paid one can be reversed."
)
PAYOUT_REVERSED_ALREADY = Refusal(
    "payout_reversed_already", "The payout {payout} cannot be reversed again."
)
PAYOUT_NOT_REVERSIBLE = Refusal(
    "payout_not_reversible", "Only payouts to bank accounts in the United States can be reversed."
)
PAYOUT_STEP = Refusal(
    "payout_step",
    "The payout {payout} is {before}; it cannot become {status}.",
    code="status_transition_invalid",
)
TOPUP_STEP = Refusal(
    "topup_step",
    "The top-up {topup} is {before}; it cannot become {status}.",
    code="status_transition_invalid",
)
STATEMENT_LINE_LEFT_ACCOUNT = Refusal(
    "statement_line_left_account", "Money that left is assigned to the payment that it was."
)
STATEMENT_LINE_NOT_RETURNABLE = Refusal(
    "statement_line_not_returnable", "Only money that arrived can be sent back."
)
STATEMENT_LINE_REPEATED = Refusal(
    "statement_line_repeated", "The line {line} has told the same of {payment}."
)
STATEMENT_LINE_NOT_BOOKABLE = Refusal(
    "statement_line_not_bookable", "No line of a bank statement settles {payment}."
)
STATEMENT_LINE_NOT_WAITING = Refusal("statement_line_not_waiting", "The line is {status} already.")
STATEMENT_LINE_AMOUNT = Refusal("statement_line_amount", "The payment is of {amount} {currency}.")
