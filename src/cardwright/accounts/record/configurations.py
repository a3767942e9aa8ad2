"""What an account does on the platform: its configurations, each with settings of its own.

Capabilities are rows keyed by path; here they are parameters only.
"""

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from msgspec import UNSET, UnsetType, field

from cardwright.accounts.record.capabilities import capability_shape
from cardwright.accounts.record.identity import Address
from cardwright.wire.resource import Country, IpAddress, Mark, Shape

if TYPE_CHECKING:
    # Their members come from capabilities.csv.
    CardCreatorCapabilities: TypeAlias = Shape
    CustomerCapabilities: TypeAlias = Shape
    MerchantCapabilities: TypeAlias = Shape
    MoneyManagerCapabilities: TypeAlias = Shape
    RecipientCapabilities: TypeAlias = Shape
else:
    CardCreatorCapabilities = capability_shape("card_creator")
    CustomerCapabilities = capability_shape("customer")
    MerchantCapabilities = capability_shape("merchant")
    MoneyManagerCapabilities = capability_shape("money_manager")
    RecipientCapabilities = capability_shape("recipient")

HighRiskActivity = Literal[
    "adult_entertainment",
    "gambling",
    "hold_client_funds",
    "investment_services",
    "lending_banking",
    "marijuana_or_related_services",
    "money_services",
    "nicotine_tobacco_or_related_services",
    "none",
    "operate_foreign_exchange_virtual_currencies_brokerage_otc",
    "pharmaceuticals",
    "precious_metals_precious_stones_jewelry",
    "safe_deposit_box_rentals",
    "third_party_payment_processing",
    "weapons_firearms_and_explosives",
]
PurposeOfFunds = Literal[
    "charitable_donations",
    "ecommerce_retail_payments",
    "investment_purposes",
    "other",
    "payments_to_friends_or_family_abroad",
    "payroll",
    "personal_or_living_expenses",
    "protect_wealth",
    "purchase_goods_and_services",
    "receive_payments_for_goods_and_services",
    "tax_optimization",
    "third_party_money_transmission",
    "treasury_management",
]
SourceOfFunds = Literal[
    "business_loans",
    "grants",
    "inter_company_funds",
    "investment_proceeds",
    "legal_settlement",
    "owners_capital",
    "pension_retirement",
    "sales_of_assets",
    "sales_of_goods_and_services",
    "tax_refund",
    "third_party_funds",
    "treasury_reserves",
]

# The version in which ``storer`` became ``money_manager``.
MONEY_MANAGER_SINCE = "2026-06-24"
# Every configuration, in the order in which applied ones are listed.
CONFIGURATIONS = ("card_creator", "recipient", "customer", "merchant", "money_manager")


class CardCreator(Shape):
    """The account issues cards."""

    applied: Annotated[bool, Mark("u")] = True
    capabilities: CardCreatorCapabilities | UnsetType = UNSET


class OutboundDestination(Shape):
    """Where money of the account goes by default."""

    id: Annotated[str, Mark(need="cu", longest=255)]
    type: Annotated[str | None, Mark(longest=100)] = None


class Recipient(Shape):
    """The account receives money."""

    applied: Annotated[bool, Mark("u")] = True
    capabilities: RecipientCapabilities | UnsetType = UNSET
    default_outbound_destination: Annotated[
        OutboundDestination | None, Mark("u", shorthand="id")
    ] = None


class Branding(Shape):
    """How the account's pages look; files by id, colors as ``#rrggbb``."""

    icon: Annotated[str | None, Mark(expand="file", longest=255)] = None
    logo: Annotated[str | None, Mark(expand="file", longest=255)] = None
    primary_color: Annotated[str | None, Mark(pattern="#[0-9a-fA-F]{6}")] = None
    secondary_color: Annotated[str | None, Mark(pattern="#[0-9a-fA-F]{6}")] = None


class StatementDescriptor(Shape):
    """What statements show of the account."""

    descriptor: Annotated[str | None, Mark(longest=22)] = None
    prefix: Annotated[str | None, Mark(longest=10)] = None


class Support(Shape):
    """Where the account's own customers find help."""

    address: Address | None = None
    email: Annotated[str | None, Mark(longest=800)] = None
    phone: Annotated[str | None, Mark(longest=50)] = None
    url: Annotated[str | None, Mark(longest=2048)] = None


class DeclineOn(Shape):
    """Checks whose failure declines a card payment."""

    avs_failure: bool | None = None
    cvc_failure: bool | None = None


class CardPayments(Shape):
    """Settings of accepted card payments."""

    decline_on: DeclineOn | None = None


class NamedDebits(Shape):
    """How debits of the account's customers are named; the number is the scheme's own."""

    display_name: Annotated[str | None, Mark(longest=100)] = None
    service_user_number: Annotated[str | None, Mark("")] = None


class Hours(Shape):
    """From when until when, as ``09:00``."""

    end_time: Annotated[str | None, Mark(longest=20)] = None
    start_time: Annotated[str | None, Mark(longest=20)] = None


class KonbiniSupport(Shape):
    """Where the account's customers in shops find help."""

    email: Annotated[str | None, Mark(longest=800)] = None
    hours: Hours | None = None
    phone: Annotated[str | None, Mark(longest=50)] = None


class KonbiniPayments(Shape):
    """Settings of payments in shops."""

    support: KonbiniSupport | None = None


class ScriptStatementDescriptor(Shape):
    """What statements show of the account, in other writings."""

    kana: StatementDescriptor | None = None
    kanji: StatementDescriptor | None = None


class SepaDebitPayments(Shape):
    """Settings of debits in euros."""

    creditor_id: Annotated[str | None, Mark(longest=100)] = None


class AutoRespond(Shape):
    """Whether disputes are answered without the account."""

    preference: Literal["inherit", "off", "on"] | None = None


class SmartDisputes(Shape):
    """Settings of answers to disputes."""

    auto_respond: AutoRespond | None = None


class Merchant(Shape):
    """The account sells."""

    applied: Annotated[bool, Mark("u")] = True
    bacs_debit_payments: NamedDebits | None = None
    branding: Branding | None = None
    capabilities: MerchantCapabilities | UnsetType = UNSET
    card_payments: CardPayments | None = None
    konbini_payments: KonbiniPayments | None = None
    mcc: Annotated[str | None, Mark(longest=10)] = None
    script_statement_descriptor: ScriptStatementDescriptor | None = None
    sepa_debit_payments: SepaDebitPayments | None = None
    smart_disputes: SmartDisputes | None = None
    statement_descriptor: StatementDescriptor | None = None
    support: Support | None = None


class Shipping(Shape):
    """Where a customer's goods go."""

    address: Address | None = None
    name: str | None = None
    phone: Annotated[str | None, Mark(longest=50)] = None


class TaxLocation(Shape):
    """Where a customer is taxed."""

    country: Country | None = None
    state: Annotated[str | None, Mark(longest=100)] = None


class IndirectTax(Shape):
    """How the account is taxed as a customer."""

    exempt: Literal["exempt", "none", "reverse"] | None = None
    ip_address: IpAddress | None = None
    location: Annotated[TaxLocation | None, Mark("")] = None
    location_source: (
        Literal["identity_address", "ip_address", "payment_method", "shipping_address"] | None
    ) = None


class CustomField(Shape):
    """A line of the head of invoices."""

    name: Annotated[str, Mark(need="cu", longest=40)]
    value: Annotated[str, Mark(need="cu", longest=140)]


class Rendering(Shape):
    """How invoices are printed."""

    amount_tax_display: Literal["exclude_tax", "include_inclusive_tax"] | None = None
    template: Annotated[str | None, Mark(longest=255)] = None


class Invoice(Shape):
    """Settings of the invoices that the account is sent."""

    custom_fields: list[CustomField] = field(default_factory=list)
    footer: str | None = None
    next_sequence: Annotated[int | None, Mark(low=1)] = None
    prefix: Annotated[str | None, Mark(longest=12)] = None
    rendering: Rendering | None = None


class Billing(Shape):
    """How the account is billed as a customer."""

    default_payment_method: Annotated[str | None, Mark("u", longest=255)] = None
    invoice: Invoice | None = None


class Customer(Shape):
    """The account buys from the platform."""

    applied: Annotated[bool, Mark("u")] = True
    automatic_indirect_tax: IndirectTax | None = None
    billing: Billing | None = None
    capabilities: CustomerCapabilities | UnsetType = UNSET
    shipping: Shipping | None = None
    test_clock: Annotated[str | None, Mark(longest=255)] = None


class RegulatedActivity(Shape):
    """The regulated business that the account is in."""

    description: str | None = None
    license_number: Annotated[str | None, Mark(longest=200)] = None
    primary_regulatory_authority_country: Country | None = None
    primary_regulatory_authority_name: Annotated[str | None, Mark(longest=200)] = None


class MoneyManager(Shape):
    """The account keeps money in financial accounts; the rest answers questions about risk."""

    applied: Annotated[bool, Mark("u")] = True
    capabilities: MoneyManagerCapabilities | UnsetType = UNSET
    high_risk_activities: list[HighRiskActivity] = field(default_factory=list)
    high_risk_activities_description: str | None = None
    money_services_description: str | None = None
    operates_in_prohibited_countries: bool | None = None
    participates_in_regulated_activity: bool | None = None
    purpose_of_funds: PurposeOfFunds | None = None
    purpose_of_funds_description: str | None = None
    regulated_activity: RegulatedActivity | None = None
    source_of_funds: SourceOfFunds | None = None
    source_of_funds_description: str | None = None


class Configuration(Shape):
    """What the account does on the platform; null is a configuration it does not have."""

    card_creator: Annotated[CardCreator | None, Mark(preview=True)] = None
    customer: Customer | None = None
    merchant: Merchant | None = None
    money_manager: Annotated[
        MoneyManager | None, Mark(preview=True, earlier=(("storer", MONEY_MANAGER_SINCE),))
    ] = None
    recipient: Recipient | None = None
