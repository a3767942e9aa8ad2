"""Members that are sealed at rest: read anywhere, opened nowhere else; old rows stay readable."""

import re
from typing import Any

import msgspec
import pytest

from cardwright.cardholders.model import Cardholder
from cardwright.kernel.vault import Vault, VaultError, new_key
from cardwright.wire import rows, sealing
from cardwright.wire.resource import Resource, members
from tests.support.server import Platform
from tests.support.spending import HOLDER, Spender, spender
from tests.test_house import resources

BIRTH = {"day": 1, "month": 11, "year": 1981}
TOKEN = re.compile(r'\{"sealed":"[^"]*"\}')
BODY = "select body from cardholders where account_id = $1 and id = $2"
WRITE = "update cardholders set body = $3 where account_id = $1 and id = $2"
READ = "/v1/issuing/cardholders"


@pytest.fixture
def sealer() -> Vault:
    return Vault.open(new_key())


@pytest.mark.parametrize(
    "text",
    [
        '{"individual":{"dob":{"day":1,"month":11,"year":1981},"first_name":"Jenny"}}',
        '{"dob":{"year":1981}}',
        '{"changes":{"before":{"date_of_birth":{"day":31,"month":12,"year":1999}},"after":{}}}',
        '[{"dob":{"day":1}},{"dob":{"day":2}}]',
    ],
)
def test_a_text_opens_byte_for_byte(sealer: Vault, text: str) -> None:
    sealed = sealing.seal_text(text, sealer, "acct_a", "ich_a")
    assert sealed.count('{"sealed":"ich_a:') == text.count('":{"day') + text.count('":{"year')
    assert not re.search(r'"(day|month|year)":', sealed)
    assert sealing.seal_text(sealed, sealer, "acct_a", "ich_b") == sealed
    assert sealing.unseal_text(sealed, sealer, "acct_a") == text
    with pytest.raises(VaultError):
        sealing.unseal_text(sealed, sealer, "acct_b")


@pytest.mark.parametrize(
    "content",
    [
        {"metadata": {"dob": "1981-11-01", "sealed": "ich_a:AAAA"}},
        {"metadata": {"dob": '{"sealed":"ich_a:AAAA"}'}},
        {"name": '"dob":{"day":1,"month":11,"year":1981}'},
        {"name": 'x\\"dob":{"sealed":"ich_a:AAAA"}'},
        {"dob": None, "date_of_birth": None},
        {"registration_date": {"day": 1, "month": 11, "year": 1981}},
    ],
)
def test_what_a_caller_writes_is_left_as_it_is(sealer: Vault, content: dict[str, Any]) -> None:
    """No text of a caller is taken for a date of birth, or for something sealed."""
    text = msgspec.json.encode(content).decode()
    assert sealing.seal_text(text, sealer, "acct_a", "ich_a") == text
    assert sealing.unseal_text(text, sealer, "acct_a") == text


def test_a_sealed_date_does_not_tell_its_length(sealer: Vault) -> None:
    texts = [f'{{"dob":{{"day":{day},"month":{day},"year":1981}}}}' for day in (1, 12)]
    sealed = [sealing.seal_text(text, sealer, "acct_a", "ich_a") for text in texts]
    assert len(sealed[0]) == len(sealed[1])


def test_a_name_that_is_changed_does_not_open(sealer: Vault) -> None:
    sealed = sealing.seal_text('{"dob":{"day":1}}', sealer, "acct_a", "ich_a")
    with pytest.raises(VaultError):
        sealing.unseal_text(sealed.replace('"dob"', '"date_of_birth"'), sealer, "acct_a")


def test_every_stored_date_of_birth_is_sealed() -> None:
    """A member that holds a date of birth by another name would lie in the clear."""
    kinds = ("DateOfBirth",)
    waiting: list[type[msgspec.Struct]] = list(resources())
    seen: set[type[msgspec.Struct]] = set()
    found = set()
    while waiting:
        shape = waiting.pop()
        if shape in seen:
            continue
        seen.add(shape)
        for name, member in members(shape).items():
            kind = member.type
            if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
                waiting.append(kind)
                if kind.__name__ in kinds or "birth" in name:
                    found.add(name)
    assert found == set(sealing.MEMBERS)
    sealed = {shape.__name__ for shape in resources() if sealing.steps(shape)}
    assert {"Account", "Cardholder", "Person"} <= sealed


def of(one: Spender) -> tuple[str, str]:
    return one.account, one.holder


async def birth_of(one: Spender) -> Any:
    shown = await one.done("GET", f"{READ}/{one.holder}")
    return shown["individual"]["dob"]


async def test_a_row_from_before_is_read_and_sealed_when_next_written(platform: Platform) -> None:
    """An old data directory holds plain dates: every way to read one knows both forms."""
    one = await spender(platform, funds=1000)
    pool = platform.live.application.database.pool
    sealed = await pool.fetchval(BODY, *of(one))
    assert "1981" not in sealed
    body = msgspec.json.decode(sealed)
    body["individual"]["dob"] = BIRTH
    plain = msgspec.json.encode(body).decode()
    await pool.execute(WRITE, *of(one), plain)
    assert await birth_of(one) == BIRTH
    listed = await one.done("GET", READ)
    assert listed["data"][0]["individual"]["dob"] == BIRTH
    paid = await one.authorize(100)
    assert paid["card"]["cardholder"]["individual"]["dob"] == BIRTH
    snapshot = await pool.fetchval(
        "select snapshot from events where account_id = $1 and type = $2",
        one.account,
        "issuing_authorization.created",
    )
    assert TOKEN.search(snapshot)
    assert "1981" not in snapshot
    await one.done("POST", f"{READ}/{one.holder}", {"metadata[order_id]": "6735"})
    assert "1981" not in await pool.fetchval(BODY, *of(one))
    assert await birth_of(one) == BIRTH


async def test_a_value_that_was_moved_does_not_open(platform: Platform) -> None:
    """Whoever writes to the database cannot give a person the birth of another."""
    one = await spender(platform)
    other = await one.done("POST", READ, HOLDER | {"individual[dob][year]": "1991"})
    pool = platform.live.application.database.pool
    body = msgspec.json.decode(await pool.fetchval(BODY, *of(one)))
    theirs = msgspec.json.decode(await pool.fetchval(BODY, one.account, other["id"]))
    taken = {**body["individual"], "dob": theirs["individual"]["dob"]}
    moved = msgspec.json.encode({**body, "individual": taken}).decode()
    await pool.execute(WRITE, *of(one), moved)
    async with platform.live.application.database.connection() as connection:
        with pytest.raises(VaultError):
            await rows.find(connection, Cardholder, *of(one))
        found = await rows.find(connection, Cardholder, one.account, other["id"])
    assert found is not None
    assert isinstance(found, Resource)
    assert found.individual is not None
    assert msgspec.to_builtins(found.individual.dob) == BIRTH | {"year": 1991}
