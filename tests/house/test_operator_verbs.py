"""What an operator does is a verb that declares its kind, and every door leads to one."""

import importlib
import pkgutil
from typing import Any, get_args

from tools import operator_verbs

import cardwright
from cardwright.tenancy import gates, secrets
from cardwright.tenancy.operator_verbs import Kind, kind_of
from cardwright.wire import rows

# Commands that call the API of a running server, whose operations are looked at here.
CALLING = {
    "environments create",
    "environments delete",
    "environments list",
    "environments reset",
    "environments restore",
    "environments snapshot",
    "environments snapshots",
    "faults add",
    "faults list",
    "faults remove",
    "listen",
    "logs tail",
    "trigger",
}
# Commands that only read, and show nothing that is sealed.
READING = {
    "agreements",
    "authorizations challenges",
    "bureau list",
    "cardholders screenings",
    "clock list",
    "clock show",
    "compliance cases",
    "deadlines",
    "designs list",
    "disputes list",
    "events attempts",
    "events failing",
    "explain",
    "ledger export",
    "ledger show",
    "ledger verify",
    "notices list",
    "notices preview",
    "programs list",
    "rates show",
    "reconciliation",
    "reports compliance",
    "requirements list",
    "statements unmatched",
    "terms list",
    "verifications list",
}
# A command that lets happen what is due on the way.
MEETING = {"clock advance"}
# Commands of whoever has the machine: what the first start made, and the server itself.
STARTING = {"keys", "keys vault", "serve"}


def test_every_operation_that_changes_something_leads_to_a_verb() -> None:
    without = [
        f"{operation.method} {operation.path}"
        for operation in operator_verbs.operations()
        if operation.method != "GET" and not operator_verbs.reached(operation.handler)
    ]
    assert not without, f"{without} call no flow that declares its kind with @operator_verb"


def test_every_command_leads_to_a_verb_or_only_reads() -> None:
    without = {
        command.words
        for command in operator_verbs.commands()
        if not operator_verbs.reached(command.function)
    }
    expected = CALLING | READING | STARTING
    assert without == expected, (
        f"without a verb: {sorted(without - expected)}; with one: {sorted(expected - without)}"
    )


def test_what_is_sealed_is_shown_by_verbs_that_say_so() -> None:
    def shows(one: Any) -> bool:
        return one is secrets.get or kind_of(one) is not None

    doors = [(one.path, one.handler) for one in operator_verbs.operations() if one.method == "GET"]
    doors += [(one.words, one.function) for one in operator_verbs.commands()]
    wrong = [
        door for door, function in doors if secrets.get in operator_verbs.reached(function, shows)
    ]
    assert not wrong, f"{wrong} open a secret outside of a verb that declares what it reveals"


def test_every_verb_has_a_door() -> None:
    declared = {
        one
        for module in pkgutil.walk_packages(cardwright.__path__, "cardwright.")
        if not module.name.endswith("__main__")
        for one in vars(importlib.import_module(module.name)).values()
        if kind_of(one) is not None
    }
    lost = declared - {row.verb for row in operator_verbs.rows()}
    assert not lost, f"no operation and no command leads to {[one.__qualname__ for one in lost]}"


def test_every_kind_has_verbs_and_no_other_is_declared() -> None:
    kinds = {kind_of(row.verb) for row in operator_verbs.rows()}
    assert kinds == set(get_args(Kind))


def test_a_verb_is_known_by_its_room_and_its_name() -> None:
    names = [
        f"{operator_verbs.room_of(row.verb)}.{row.verb.__name__}" for row in operator_verbs.rows()
    ]
    assert sorted(names) == sorted(set(names))


def test_doors_leave_the_work_to_the_verb() -> None:
    """Neither a handler nor a command writes rows, emits events or moves money itself."""
    writes = [rows.insert, rows.save, rows.delete, gates.lock]

    def is_work(one: Any) -> bool:
        return kind_of(one) is not None or one in writes

    doors = [(one.path, one.handler) for one in operator_verbs.operations()]
    doors += [(one.words, one.function) for one in operator_verbs.commands()]
    wrong = [
        door
        for door, function in doors
        if door not in MEETING
        and any(one in writes for one in operator_verbs.reached(function, is_work))
    ]
    assert not wrong, f"{wrong} write beside the verb"
