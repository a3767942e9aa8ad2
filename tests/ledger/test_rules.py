"""What a transfer does to balances, without a database."""

import pytest

from cardwright.kernel.money import BALANCE_MINOR_MAX
from cardwright.kernel.refusal import Failure
from cardwright.ledger import rules, transfers
from cardwright.ledger.rules import Balance
from cardwright.ledger.transfers import Line, Transfer

ACCOUNT = "acct_a"


def issuing(available_minor: int, held_minor: int = 0) -> dict[str, Balance]:
    overdrawn = available_minor < 0
    return {"issuing": Balance("issuing", "gbp", available_minor, held_minor, overdrawn)}


def after(transfer: Transfer, available_minor: int, held_minor: int = 0) -> dict[str, Balance]:
    before = issuing(available_minor, held_minor)
    outcome = rules.applied(transfer, before)
    return {balance.book: balance for balance in outcome.balances}


def test_a_hold_moves_from_available_to_held() -> None:
    book = after(transfers.hold(ACCOUNT, "iauth_1", "gbp", 3000), 10000)["issuing"]
    assert (book.available_minor, book.held_minor) == (7000, 3000)


def test_the_last_penny_can_be_held_and_no_more() -> None:
    assert after(transfers.hold(ACCOUNT, "iauth_1", "gbp", 100), 100)["issuing"][2:4] == (0, 100)
    with pytest.raises(Failure) as caught:
        after(transfers.hold(ACCOUNT, "iauth_1", "gbp", 101), 100)
    assert caught.value.refusal.code == "balance_insufficient"


def test_a_capture_is_forced_below_zero_and_flagged() -> None:
    outcome = rules.applied(transfers.spend(ACCOUNT, "ipi_1", "gbp", 150), issuing(100))
    book = next(balance for balance in outcome.balances if balance.book == "issuing")
    assert (book.available_minor, book.overdrawn, outcome.overdrew) == (-50, True, True)


def test_a_credit_to_an_overdrawn_balance_is_taken() -> None:
    book = after(transfers.incoming(ACCOUNT, "issuing", "gbp", 20), -50)["issuing"]
    assert (book.available_minor, book.overdrawn) == (-30, True)
    book = after(transfers.incoming(ACCOUNT, "issuing", "gbp", 50), -50)["issuing"]
    assert (book.available_minor, book.overdrawn) == (0, False)


def test_no_balance_grows_past_what_can_be_kept() -> None:
    room = BALANCE_MINOR_MAX - 10
    assert after(transfers.incoming(ACCOUNT, "issuing", "gbp", 10), room)["issuing"][2] == 10**18
    for amount, forced in ((11, False), (11, True)):
        transfer = transfers.incoming(ACCOUNT, "issuing", "gbp", amount)._replace(forced=forced)
        with pytest.raises(Failure) as caught:
            after(transfer, room)
        assert caught.value.refusal.name == "balance_too_large"


def test_balances_come_in_lock_order() -> None:
    lines = (Line("outside", -5), Line("issuing", 5))
    outcome = rules.applied(Transfer(ACCOUNT, "topup", "gbp", lines), {})
    assert [balance.book for balance in outcome.balances] == ["issuing", "outside"]


@pytest.mark.parametrize(
    "lines",
    [
        (Line("issuing", 5), Line("outside", -4)),
        (Line("issuing", 5),),
        (Line("issuing", 0), Line("outside", 0)),
        (Line("outside", 5), Line("outside", -5, "held")),
        (Line("fa_1:inbound_pending", 5), Line("fa_1:inbound_pending", -5, "held")),
        (Line("savings", 5), Line("outside", -5)),
    ],
)
def test_what_is_not_a_transfer_asserts(lines: tuple[Line, ...]) -> None:
    with pytest.raises(AssertionError):
        rules.applied(Transfer(ACCOUNT, "topup", "gbp", lines), {})


def test_releasing_more_than_is_held_asserts() -> None:
    with pytest.raises(AssertionError, match="releases more than is held"):
        after(transfers.release(ACCOUNT, "iauth_1", "gbp", 31), 0, 30)
