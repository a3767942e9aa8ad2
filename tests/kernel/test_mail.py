"""A message is never made of an address that is none; nothing else follows from it."""

import pytest

from cardwright.kernel.mail import Mail, MailError, message_of


def mail(recipient: str, sender_name: str = "Rocket Rides") -> Mail:
    return Mail("<1@example.com>", "we@example.com", sender_name, recipient, None, "S", "t", "<p>")


@pytest.mark.parametrize("recipient", ["", "@", "a@", "a b@c.de", "a..b@c.de", "a@b.de, c@d.de"])
def test_an_address_that_is_none(recipient: str) -> None:
    with pytest.raises(MailError) as caught:
        message_of(mail(recipient))
    assert caught.value.permanent


def test_no_name_brings_a_header() -> None:
    with pytest.raises(MailError):
        message_of(mail("a@b.de", "Rocket\r\nBcc: c@d.de"))
    message = message_of(mail("a@b.de", 'Rocket" <c@d.de>'))
    assert message["To"] == "a@b.de"
    assert message["From"].addresses[0].addr_spec == "we@example.com"
