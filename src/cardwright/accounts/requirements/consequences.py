"""What missed requirements stop, for whoever moves money. Pure.

Issuing needs no function: the authorization rules read the status of the capability.
"""

from cardwright.accounts.record.model import AccountState, Entry
from cardwright.accounts.requirements.circumstances import PAYOUTS

# What brings money to an account that can then be paid out.
_EARNING = ("merchant.card_payments", "recipient.stripe_balance.stripe_transfers")


def payouts_allowed(state: AccountState) -> bool:
    """Whether money of the account may be paid out to its bank account now.

    An account that asked for payouts as a capability has them when one is active. v1 has no such
    capability: there an account is paid out once it has a bank account and may earn, unless a
    missed requirement stops payouts.
    """
    if state.account.closed or state.rejection is not None or stopping_payouts(state):
        return False
    held = [one for path, one in state.capabilities.items() if path in PAYOUTS.values()]
    if held:
        return any(capability.status == "active" for capability in held)
    earning = [one for path, one in state.capabilities.items() if path in _EARNING]
    has_bank_account = bool(state.external_accounts)
    return has_bank_account and any(capability.status == "active" for capability in earning)


def stopping_payouts(state: AccountState) -> list[Entry]:
    """The missed requirements because of which money of the account is not paid out."""
    return [
        entry
        for entry in state.account.requirements.entries
        if entry.awaiting_action_from == "user"
        and any(
            f"{one.configuration}.{one.capability}" in PAYOUTS.values()
            and one.deadline.status == "past_due"
            for one in entry.impact.restricts_capabilities
        )
    ]
