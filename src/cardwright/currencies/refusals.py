"""What is refused about currencies and exchange rates."""

from cardwright.kernel.refusal import Refusal

CURRENCY_UNSUPPORTED = Refusal("currency_unsupported", "Invalid currency: {value}. {reason}")
# Exchange rates.
EXCHANGE_RATE_MISSING = Refusal(
    "exchange_rate_missing",
    "There is no exchange rate of {currency}. The operator loads one with "
    "POST /_cardwright/exchange_rates or 'cardwright rates load'.",
)
EXCHANGE_RATES_INVALID = Refusal("exchange_rates_invalid", "Invalid exchange rates: {reason}.")
