"""The part of the table of refusals that is about money on its way in, out and between accounts."""

from cardwright.kernel.refusal import INVALID, Refusal

FUNDING_REFUSALS: dict[str, Refusal] = {
    "statement_malformed": Refusal(
        400, INVALID, None, "The file is no bank statement that can be read: {reason}."
    ),
    "bank_verification_failed": Refusal(
        400,
        INVALID,
        "bank_account_verification_failed",
        "The amounts provided do not match the amounts that were sent to the bank account.",
    ),
    "bank_verification_by_operator": Refusal(
        400,
        INVALID,
        None,
        "In live mode the operator confirms that a bank account may be debited.",
    ),
    "source_unusable": Refusal(
        400,
        INVALID,
        "bank_account_unverified",
        "The source {source} cannot be debited: it is {status}. It must be chargeable.",
    ),
    "funding_not_set_up": Refusal(
        400,
        INVALID,
        None,
        "There is no bank account to send {currency} to yet: the operator sets it up at "
        "/_cardwright/bank_accounts.",
    ),
    "funding_numbers_used_up": Refusal(
        400,
        INVALID,
        None,
        "No number of the operator's bank is free for {currency}: a shorter number_prefix leaves "
        "room for more.",
    ),
    "insufficient_capabilities_for_transfer": Refusal(
        400,
        INVALID,
        "insufficient_capabilities_for_transfer",
        "Your destination account needs to have the capability transfers active; it is {status}.",
    ),
    "reversal_too_large": Refusal(
        400,
        INVALID,
        "amount_too_large",
        "The reversal of {amount} is greater than what is left of the transfer: {left}.",
    ),
    "transfer_reversed": Refusal(
        400, INVALID, None, "The transfer {transfer} is fully reversed already."
    ),
    "payouts_not_allowed": Refusal(
        400,
        INVALID,
        "payouts_not_allowed",
        "Payouts are not enabled for this account: see its requirements.",
    ),
    "external_account_missing": Refusal(
        400,
        INVALID,
        None,
        "The account has no external account in that currency ({currency}).",
    ),
    "instant_payouts_unsupported": Refusal(
        400,
        INVALID,
        "instant_payouts_unsupported",
        "The external account {destination} takes no instant payouts.",
    ),
    "bank_account_setup_incomplete": Refusal(
        400,
        INVALID,
        None,
        "To pay out in {currency}, set up the bank account it leaves from at "
        "/_cardwright/bank_accounts.",
    ),
    "payment_file_empty": Refusal(
        400, INVALID, None, "No payout in {currency} is waiting for a payment file."
    ),
}
