"""Who hears of what, and how it is signed: tables."""

import pytest
import stripe

from cardwright.events import rules, signing
from cardwright.events.rules import Listener
from cardwright.kernel import clock
from cardwright.kernel.refusal import Failure

PLATFORM, ACCOUNT, OTHER = "acct_platform", "acct_one", "acct_other_platform"


def listener(
    owner: str = PLATFORM,
    *names: str,
    hears: str = "@self",
    thin: bool = False,
    enabled: bool = True,
) -> Listener:
    return Listener(
        account_id=owner,
        id="we_1",
        url="https://example.com",
        names=frozenset(names or ("*",)),
        hears=frozenset(hears.split()),
        thin=thin,
        api_version=None,
        enabled=enabled,
    )


@pytest.mark.parametrize(
    ("who", "event_type", "account_id", "expected"),
    [
        (listener(), "issuing_card.created", PLATFORM, True),
        (listener(), "issuing_card.created", ACCOUNT, False),
        (listener(hears="@accounts"), "issuing_card.created", ACCOUNT, True),
        (listener(hears="@accounts"), "issuing_card.created", PLATFORM, False),
        (listener(hears="@self @accounts"), "issuing_card.created", PLATFORM, True),
        (listener(ACCOUNT), "issuing_card.created", ACCOUNT, True),
        (listener(OTHER, hears="@accounts"), "issuing_card.created", ACCOUNT, False),
        (listener(enabled=False), "issuing_card.created", PLATFORM, False),
        (listener(PLATFORM, "issuing_card.updated"), "issuing_card.created", PLATFORM, False),
        (listener(PLATFORM, "issuing_card.created"), "issuing_card.created", PLATFORM, True),
        (listener(), "v2.core.account.created", PLATFORM, False),
        (listener(thin=True), "v2.core.account.created", PLATFORM, True),
        (listener(thin=True), "issuing_card.created", PLATFORM, True),
        (
            listener(PLATFORM, "v1.issuing_card.created", thin=True),
            "issuing_card.created",
            PLATFORM,
            True,
        ),
        # Asked while the payment waits, never delivered.
        (listener(), "issuing_authorization.request", PLATFORM, False),
        (
            listener(PLATFORM, "issuing_authorization.request"),
            "issuing_authorization.request",
            PLATFORM,
            False,
        ),
    ],
)
def test_who_hears(who: Listener, event_type: str, account_id: str, expected: bool) -> None:
    heard = rules.hears(
        who, event_type, account_id=account_id, platform_id=PLATFORM, object_id="ic_1"
    )
    assert heard is expected


@pytest.mark.parametrize(
    ("url", "test", "live"),
    [
        ("https://example.com/hook?a=b", True, True),
        ("http://example.com/hook", True, False),
        ("http://127.0.0.1:4242/", True, False),
        ("https://10.0.0.1/", True, False),
        ("https://169.254.169.254/", False, False),
        ("https://\u246069.254.169.254/", False, False),
        ("https://169\u3002254\u3002169\u3002254/", False, False),
        ("https://\uff11\uff12\uff17.0.0.1/", True, False),
        ("https:///hook", False, False),
        ("https://../hook", False, False),
        ("https://a..b/hook", False, False),
        ("https://exa_mple.com/hook", True, True),
        ("https://example.com:port/", False, False),
        ("https://example.com/a b", False, False),
        ("https://example.com/\n", False, False),
        ("javascript:alert(1)", False, False),
    ],
)
def test_which_addresses_are_taken(url: str, test: bool, live: bool) -> None:
    for livemode, expected in ((False, test), (True, live)):
        if expected:
            rules.check_url(url, livemode=livemode, param="url")
            continue
        with pytest.raises(Failure) as caught:
            rules.check_url(url, livemode=livemode, param="url")
        assert (caught.value.refusal.code, caught.value.param) == ("url_invalid", "url")


@pytest.mark.calendar
def test_both_secrets_are_good_while_one_is_rolled() -> None:
    payload = b'{"id":"evt_1","object":"event"}'
    header = signing.header(payload, ["whsec_old", "whsec_new"], clock.machine_ms() // 1000)
    for secret in ("whsec_old", "whsec_new"):
        stripe.WebhookSignature.verify_header(payload.decode(), header, secret, 300)
    for secret, late in (("whsec_x", 0), ("whsec_old", 301)):
        old = signing.header(payload, ["whsec_old"], clock.machine_ms() // 1000 - late)
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.WebhookSignature.verify_header(payload.decode(), old, secret, 300)
