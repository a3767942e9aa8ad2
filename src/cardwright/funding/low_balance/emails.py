"""The email that tells of a low Issuing balance; it goes to whom the platform named."""

from cardwright.kernel.database import Tx
from cardwright.kernel.money import decimal_text
from cardwright.ledger.rules import Balance
from cardwright.notices import emails, rules
from cardwright.tenancy.platforms import NoticeSettings

SUBJECT = "The Issuing balance of {account} is low"
TEXT = (
    "The Issuing balance of {account} is {available}, which is less than {threshold}.\n\n"
    "Payments with its cards are declined once it is used up. Add funds in time."
)


async def tell(tx: Tx, recipient: str, balance: Balance, floor: int, look: NoticeSettings) -> None:
    """Have the email sent once this transaction is committed, where there is a mail server."""
    facts = {
        "account": tx.account_id,
        "available": _shown(balance.available_minor, balance.currency),
        "platform_name": look.brand_name or rules.NAMELESS,
        "threshold": _shown(floor, balance.currency),
    }
    composed = rules.compose(rules.Wording(SUBJECT, TEXT), "en", facts, look)
    await emails.queue(tx, composed, recipient)


def _shown(amount_minor: int, currency: str) -> str:
    return f"{decimal_text(amount_minor, currency)} {currency.upper()}"
