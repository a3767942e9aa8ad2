"""Generated accounts, written through one face and read through the other: one record."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cardwright.accounts.record.model import Account, AccountState
from cardwright.accounts.views import v1_render, v1_translate
from cardwright.accounts.views.v1_account import AccountParameters
from cardwright.accounts.views.v2_render import CONFIGURATION_KEYS, account_body
from cardwright.kernel.clock import rfc3339
from cardwright.wire.faces.trees import put, take
from cardwright.wire.given import Given, build, merge
from cardwright.wire.parameters import parser
from cardwright.wire.resource import Moment
from cardwright.wire.versions import LATEST

CREATED = Moment("2025-06-18T00:48:16.000Z")
INCLUDED = frozenset({"identity", "defaults", *(f"configuration.{n}" for n in CONFIGURATION_KEYS)})
SECONDS = st.integers(1_300_000_000, 1_700_000_000)
ALPHABET = st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters=" ")
TEXT = st.text(ALPHABET, min_size=1, max_size=20)
COUNTRIES = st.sampled_from(["US", "GB", "DE", "IE"])
WHOLE = st.integers(0, 10**9)

# Each member that both faces have: v1's path, v2's path, values of v1, and the same value in v2
# (None: it looks the same).
Member = tuple[str, str, SearchStrategy[Any], Any]


def moment(seconds: int) -> str:
    """An instant of v1 as v2 writes it."""
    return rfc3339(seconds * 1000)


def same(value: Any) -> Any:
    return value


DETAILS = "identity.business_details"
ATTESTED = "identity.attestations"
MERCHANT = "configuration.merchant"
MEMBERS: list[Member] = [
    ("email", "contact_email", TEXT, same),
    ("default_currency", "defaults.currency", st.sampled_from(["usd", "gbp", "eur"]), same),
    (
        "business_type",
        "identity.entity_type",
        st.sampled_from(["company", "individual", "non_profit"]),
        same,
    ),
    ("business_profile.mcc", f"{MERCHANT}.mcc", st.from_regex("[0-9]{4}", fullmatch=True), same),
    ("business_profile.url", "defaults.profile.business_url", TEXT, same),
    ("business_profile.name", "defaults.profile.doing_business_as", TEXT, same),
    (
        "business_profile.product_description",
        "defaults.profile.product_description",
        TEXT,
        same,
    ),
    ("business_profile.support_email", f"{MERCHANT}.support.email", TEXT, same),
    ("business_profile.support_phone", f"{MERCHANT}.support.phone", TEXT, same),
    ("business_profile.support_url", f"{MERCHANT}.support.url", TEXT, same),
    (
        "business_profile.support_address.line1",
        f"{MERCHANT}.support.address.line1",
        TEXT,
        same,
    ),
    ("business_profile.estimated_worker_count", f"{DETAILS}.estimated_worker_count", WHOLE, same),
    *(
        (f"business_profile.annual_revenue.{v1}", f"{DETAILS}.annual_revenue.{v2}", values, same)
        for v1, v2, values in (
            ("amount", "amount.value", WHOLE),
            ("currency", "amount.currency", st.sampled_from(["usd", "gbp"])),
            ("fiscal_year_end", "fiscal_year_end", st.just("2023-12-31")),
        )
    ),
    ("company.name", f"{DETAILS}.registered_name", TEXT, same),
    ("company.name_kana", f"{DETAILS}.script_names.kana.registered_name", TEXT, same),
    ("company.phone", f"{DETAILS}.phone", TEXT, same),
    ("company.structure", f"{DETAILS}.structure", st.sampled_from(["llc", "trust"]), same),
    *(
        (f"company.address.{name}", f"{DETAILS}.address.{name}", values, same)
        for name, values in (
            ("line1", TEXT),
            ("line2", TEXT),
            ("city", TEXT),
            ("postal_code", TEXT),
            ("state", TEXT),
            ("country", COUNTRIES),
        )
    ),
    *(
        (f"company.{name}_provided", f"{ATTESTED}.persons_provided.{name}", st.booleans(), same)
        for name in ("directors", "executives", "owners")
    ),
    *(
        (f"{v1}.date", f"{ATTESTED}.{v2}.date", SECONDS, moment)
        for v1, v2 in (
            ("tos_acceptance", "terms_of_service.account"),
            (
                "settings.card_issuing.tos_acceptance",
                "terms_of_service.card_creator.commercial.account_holder",
            ),
            ("settings.treasury.tos_acceptance", "terms_of_service.money_manager"),
            ("company.ownership_declaration", "ownership_declaration"),
            ("company.representative_declaration", "representative_declaration"),
        )
    ),
    (
        "settings.branding.primary_color",
        f"{MERCHANT}.branding.primary_color",
        st.just("#0a0b0c"),
        same,
    ),
    (
        "settings.payments.statement_descriptor",
        f"{MERCHANT}.statement_descriptor.descriptor",
        TEXT,
        same,
    ),
    (
        "settings.card_payments.decline_on.cvc_failure",
        f"{MERCHANT}.card_payments.decline_on.cvc_failure",
        st.booleans(),
        same,
    ),
    *(
        (f"individual.{v1}", f"identity.individual.{v2}", values, same)
        for v1, v2, values in (
            ("first_name", "given_name", TEXT),
            ("last_name", "surname", TEXT),
            ("email", "email", TEXT),
            ("phone", "phone", TEXT),
            ("dob.day", "date_of_birth.day", st.integers(1, 28)),
            ("dob.month", "date_of_birth.month", st.integers(1, 12)),
            ("dob.year", "date_of_birth.year", st.integers(1900, 2000)),
            ("address.line1", "address.line1", TEXT),
            ("address.country", "address.country", COUNTRIES),
            ("gender", "legal_gender", st.sampled_from(["female", "male"])),
            ("relationship.title", "relationship.title", TEXT),
            ("relationship.executive", "relationship.executive", st.booleans()),
            ("political_exposure", "political_exposure", st.sampled_from(["existing", "none"])),
        )
    ),
]
# What comes whole or not at all.
TOGETHER = ("business_profile.annual_revenue.", "individual.dob.")


@st.composite
def chosen(draw: st.DrawFn) -> list[tuple[Member, Any]]:
    """Some of the members, each with a value of v1."""
    names = draw(st.sets(st.sampled_from([member[0] for member in MEMBERS]), min_size=1))
    for group in TOGETHER:
        if any(name.startswith(group) for name in names):
            names |= {member[0] for member in MEMBERS if member[0].startswith(group)}
    return [(member, draw(member[2])) for member in MEMBERS if member[0] in names]


def blank() -> Account:
    return Account(id="acct_test", created=CREATED, livemode=False)


def in_v1(account: Account) -> Any:
    return v1_render.account_body(AccountState(account, [], {}))


def in_v2(account: Account) -> Any:
    return account_body(AccountState(account, [], {}), INCLUDED, LATEST)


def written_by_v1(before: Account, members: list[tuple[Member, Any]]) -> Account:
    """The record after a v1 update with the members, from the form that a caller sends."""
    form: dict[str, Any] = {}
    for member, value in members:
        put(form, member[0], str(value).lower() if isinstance(value, bool) else str(value))
    given = parser(AccountParameters, "u", "v1", LATEST, form=True)(form)
    tree = v1_translate.account_tree(given.tree, "US", AccountState(before, [], {}))
    return merge(before, Given(Account, tree, "v1"))


def written_by_v2(before: Account, members: list[tuple[Member, Any]]) -> Account:
    """The record after a v2 update with the same members, from the JSON that a caller sends."""
    body: dict[str, Any] = {}
    for member, value in members:
        put(body, member[1], member[3](value))
    given = parser(Account, "u", "v2", LATEST, form=False)(body)
    return merge(before, given)


def check_shown(account: Account, members: list[tuple[Member, Any]]) -> None:
    """Both faces show every member as it was written, through whichever of them."""
    v1, v2 = in_v1(account), in_v2(account)
    for (name, path, _, convert), value in members:
        assert take(v1, name) == (True, value), name
        assert take(v2, path) == (True, convert(value)), path


LONG = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@LONG
@given(chosen(), chosen())
def test_what_v1_writes_v2_reads(
    first: list[tuple[Member, Any]], second: list[tuple[Member, Any]]
) -> None:
    account = written_by_v1(blank(), first)
    check_shown(account, first)
    latest = {member[0]: (member, value) for member, value in [*first, *second]}
    check_shown(written_by_v1(account, second), list(latest.values()))


@LONG
@given(chosen(), chosen())
def test_what_v2_writes_v1_reads(
    first: list[tuple[Member, Any]], second: list[tuple[Member, Any]]
) -> None:
    account = written_by_v2(blank(), first)
    check_shown(account, first)
    latest = {member[0]: (member, value) for member, value in [*first, *second]}
    check_shown(written_by_v2(account, second), list(latest.values()))


@LONG
@given(chosen(), chosen())
def test_both_faces_leave_the_same_record(
    first: list[tuple[Member, Any]], second: list[tuple[Member, Any]]
) -> None:
    """Which face wrote makes no difference but to whether facts of a business make a merchant."""
    one = in_v2(written_by_v2(written_by_v1(blank(), first), second))
    other = in_v2(written_by_v1(written_by_v2(blank(), first), second))
    for body in (one, other):
        if body["configuration"]["merchant"] is not None:
            body["configuration"]["merchant"].pop("applied")
    assert one == other


def test_a_new_account_is_the_same_from_both_faces() -> None:
    tree = v1_translate.new_account_tree({"type": "custom", "country": "GB"}, "GB")
    server: dict[str, Any] = {"id": "acct_test", "created": CREATED, "livemode": False}
    one = build(Account, Given(Account, tree, "v1"), **server)
    body = {
        "identity": {"country": "gb"},
        "dashboard": "none",
        "defaults": {
            "responsibilities": {
                "fees_collector": "application_custom",
                "losses_collector": "application",
                "requirements_collector": "application",
            }
        },
    }
    other = build(Account, parser(Account, "c", "v2", LATEST, form=False)(body), **server)
    assert one == other
