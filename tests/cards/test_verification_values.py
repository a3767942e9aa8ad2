"""Codes and PINs, derived with keys."""

import pytest

from cardwright.cards import verification_values as values
from cardwright.kernel.vault import Vault, new_key

NUMBER, OTHER = "4000001234567899", "4000001234567881"


def test_a_code_is_of_the_number_the_month_and_the_key() -> None:
    vault = Vault.open(new_key())
    code = values.cvc(vault, NUMBER, 11, 2026)
    assert len(code) == 3
    assert code.isdigit()
    assert values.cvc(vault, NUMBER, 11, 2026) == code
    months = {values.cvc(vault, NUMBER, month, 2026) for month in range(1, 13)}
    assert len(months) > 8, "another month has another code, but for chance"
    numbers = {values.cvc(vault, f"40000012345678{at:02d}", 11, 2026) for at in range(50)}
    assert len(numbers) > 40
    keys = {values.cvc(Vault.open(new_key()), NUMBER, 11, 2026) for _ in range(50)}
    assert len(keys) > 40


def test_codes_outlive_the_rotation_of_the_vault_key() -> None:
    first = new_key()
    second = new_key().replace("1:", "2:", 1)
    code = values.cvc(Vault.open(first), NUMBER, 11, 2026)
    assert values.cvc(Vault.open(f"{first} {second}"), NUMBER, 11, 2026) == code


@pytest.mark.parametrize("pin", ["0000", "1234", "98765", "123456789012"])
def test_a_pin_comes_back_from_its_offset_and_the_key_alone(pin: str) -> None:
    vault = Vault.open(new_key())
    offset = values.pin_offset(vault, NUMBER, pin)
    assert len(offset) == len(pin)
    assert values.pin_of(vault, NUMBER, offset) == pin
    strangers = {values.pin_of(Vault.open(new_key()), NUMBER, offset) for _ in range(20)}
    assert strangers != {pin}


def test_the_same_pin_has_another_offset_on_another_card() -> None:
    vault = Vault.open(new_key())
    offsets = {values.pin_offset(vault, f"40000012345678{at:02d}", "1234") for at in range(20)}
    assert len(offsets) > 15


def test_random_pins_have_four_digits() -> None:
    made = {values.new_pin() for _ in range(300)}
    assert len(made) > 250
    assert {len(pin) for pin in made} == {4}
