"""``cardwright explain``: why a payment was approved or declined, for a person."""

from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cardwright.accounts.record.acting import acting
from cardwright.authorizations.decision import explaining
from cardwright.authorizations.model import Authorization
from cardwright.cli.installation import PLATFORM, Platform
from cardwright.cli.transaction import working
from cardwright.kernel.clock import SECOND_MS, rfc3339
from cardwright.kernel.money import decimal_text
from cardwright.kernel.startup import StartError
from cardwright.wire import rows
from cardwright.wire.versions import Body

MARKS = {"passed": ("✓", "green"), "refused": ("✗", "bold red"), "not_reached": ("·", "dim")}
OCCASIONS = {
    "request": "The card was asked to pay",
    "increment": "The merchant asked for more",
    "answer": "Card, cardholder and account were looked at again when the platform answered",
    "network": "The card network decided in our place",
}
VERDICTS = {
    "approved": "approved",
    "declined": "declined",
    "error": "gave no answer that can be used",
    "timeout": "gave no answer in time",
    "overtaken": "did not answer before the network went on",
}
# Members of what a rule saw that are amounts of the card's currency.
AMOUNTS = {"amount", "approved_before", "available", "cashback_amount", "largest", "spent"}


@working
async def explain(authorization: str, /, *, platform: Platform = PLATFORM) -> None:
    """Explain why an authorization was approved or declined.

    Parameters
    ----------
    authorization
        The authorization, of any account of the platform.
    """
    async with platform.transaction() as tx:
        owner = await explaining.owner_of(tx, authorization)
        at = None if owner is None else await acting(tx, owner, closed=True)
        if at is None:
            raise StartError(f"There is no authorization {authorization}.")
        explanation = await explaining.explain(at, authorization)
        one = await rows.get(at, Authorization, authorization)
    Page(Console(highlight=False), explanation, one).show()


class Page:
    """An explanation on a terminal."""

    def __init__(self, console: Console, explanation: Body, one: Authorization) -> None:
        self._console = console
        self._explanation = explanation
        self._one = one

    def show(self) -> None:
        """Print all of it."""
        one = self._one
        verdict = Text("approved", "bold green") if one.approved else Text("declined", "bold red")
        if one.pending_request is not None:
            verdict = Text("waiting for the platform", "bold yellow")
        merchant = one.merchant_data.name or one.merchant_data.network_id
        place = f" ({one.merchant_data.country})" if one.merchant_data.country else ""
        self._console.print(
            Text.assemble(
                (f"{self._money(one.amount)} at {merchant}{place}: ", "bold"),
                verdict,
                f", {one.status}",
            )
        )
        self._console.print(f"{one.id}  card {one.card}  {one.authorization_method}", style="dim")
        if not self._explanation["decisions"]:
            self._console.print("\nIt was decided before decisions were kept.")
        for decision in self._explanation["decisions"]:
            self._decision(decision)
        self._answers()
        self._ledger()

    def _decision(self, decision: Body) -> None:
        approved = decision["approved"]
        outcome = "approved" if approved else f"declined: {decision['reason']}"
        when = rfc3339(decision["created"] * SECOND_MS)
        self._console.print(
            f"\n{OCCASIONS[decision['occasion']]}: {self._money(decision['amount'])}, {when}",
            style="bold",
        )
        table = Table(box=box.SIMPLE_HEAD, show_header=False, pad_edge=False, show_edge=False)
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(ratio=1)
        table.add_column(justify="right", no_wrap=True)
        for rule in decision["rules"]:
            mark, style = MARKS[rule["verdict"]]
            took = "" if rule["took_us"] is None else f"{rule['took_us']:.1f} us"
            reached = rule["verdict"] != "not_reached"
            saw = self._words(rule["saw"]) if reached else "not looked at any more"
            table.add_row(
                Text(mark, style),
                Text(rule["rule"].replace("_", " "), style if reached else "dim"),
                Text(saw, "" if reached else "dim"),
                Text(took, "dim"),
            )
        if decision["rules"]:
            self._console.print(table)
        self._console.print(
            f"{outcome}, after {decision['took_us']:.0f} us of rules"
            if decision["rules"]
            else outcome,
            style="green" if approved else "red",
        )

    def _answers(self) -> None:
        question = self._explanation["question"]
        if self._explanation["answers"] or question:
            self._console.print("\nThe platform was asked", style="bold")
        for one in self._explanation["answers"]:
            where = one["endpoint"] or {"api": "by a call", "deadline": "by nobody"}.get(
                one["source"], "at the address of the question"
            )
            took = "" if one["took_ms"] is None else f" after {one['took_ms']:,} ms"
            late = ", too late to count" if one["late"] else ""
            why = f": {one['message']}" if one["message"] else ""
            self._console.print(f"  {where} {VERDICTS[one['verdict']]}{took}{late}{why}")
        if question:
            self._console.print(f"  {question['endpoint'] or 'a command line'} may still answer")

    def _ledger(self) -> None:
        if not self._explanation["ledger_transfers"]:
            self._console.print("\nNothing moved in the ledger.")
            return
        self._console.print("\nIn the ledger", style="bold")
        for moved in self._explanation["ledger_transfers"]:
            lines = ", ".join(
                f"{line['book']} {line['part']} {self._money(line['amount'], sign=True)}"
                for line in moved["entries"]
            )
            self._console.print(f"  {moved['reason'].replace('_', ' ')}: {lines}")

    def _words(self, saw: dict[str, Any]) -> str:
        """What a rule saw, without what is not there."""
        said = []
        for name, value in saw.items():
            if value is None or value == [] or (name == "approved_before" and not value):
                continue
            if name == "limits":
                said += [self._limit(limit) for limit in value]
            elif name in AMOUNTS:
                said.append(f"{name.replace('_', ' ')} {self._money(value)}")
            elif isinstance(value, bool):
                said.append(f"{name.replace('_', ' ')}: {'yes' if value else 'no'}")
            else:
                shown = ", ".join(value) if isinstance(value, list) else str(value)
                said.append(f"{name}: {shown}".replace("_", " "))
        return "; ".join(said) or "nothing"

    def _limit(self, limit: dict[str, Any]) -> str:
        of = f" of {', '.join(limit['categories'])}" if limit["categories"] else ""
        interval = limit["interval"].replace("_", " ")
        spent = f" ({self._money(limit['spent'])} spent)" if limit["spent"] else ""
        return f"at most {self._money(limit['amount'])} {interval}{of}{spent}"

    def _money(self, amount_minor: int, *, sign: bool = False) -> str:
        plus = "+" if sign and amount_minor > 0 else ""
        currency = self._one.currency
        return f"{plus}{decimal_text(amount_minor, currency)} {currency.upper()}"
