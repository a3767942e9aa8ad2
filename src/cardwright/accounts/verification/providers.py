"""Who answers a check: the documented test values, the operator, or a vendor over HTTP.

A provider says, in the transaction that starts a check and without asking anybody, what is known
already and who will say the rest. What it says of later comes after the commit: by a deadline, by
the operator, or by the loop that posts cases (``verification_vendor``).
"""

from typing import NamedTuple, Protocol

from cardwright.accounts.requirements import checks
from cardwright.accounts.requirements.checks import VERIFIED, Check
from cardwright.accounts.verification import test_values
from cardwright.accounts.verification.test_values import Earlier
from cardwright.kernel.database import Tx
from cardwright.tenancy import platforms
from cardwright.tenancy.platforms import Verifier


class Beginning(NamedTuple):
    """How a check begins.

    With an ``outcome`` it ends so, within the transaction if it is ``immediate``, a moment after
    it otherwise. Without one a case is opened for ``asked``.
    """

    outcome: str | None
    immediate: bool = False
    asked: Verifier = "manual"


class Provider(Protocol):
    """Whoever finds out."""

    name: Verifier

    def begin(self, check: Check, before: Earlier | None, *, person: bool) -> Beginning:
        """How a check of changed values begins; ``before`` is what was known of earlier ones."""


class TestValues:
    """The test environment: the documented values say how a check ends."""

    name: Verifier = "test_values"

    def begin(self, check: Check, before: Earlier | None, *, person: bool) -> Beginning:
        """What the tables say; what they leave open is the operator's."""
        decision = test_values.decide(check, person=person, before=before)
        return Beginning(decision.outcome, decision.immediate)


class Manual:
    """The operator looks at every value; texts that no registry knows are taken as they are."""

    name: Verifier = "manual"

    def begin(self, check: Check, before: Earlier | None, *, person: bool) -> Beginning:
        """A case for the operator."""
        if check.name in checks.SCREENING:
            return Beginning(VERIFIED, immediate=True)
        return Beginning(None, asked=self.name)


class Vendor(Manual):
    """The same, but a vendor is asked over HTTP."""

    name: Verifier = "http"


PROVIDERS: dict[Verifier, Provider] = {
    provider.name: provider for provider in (TestValues(), Manual(), Vendor())
}


def chosen(settings: platforms.PlatformSettings, *, livemode: bool) -> Verifier:
    """The provider that the platform chose, or the one its environment begins with."""
    return settings.verification_provider or ("manual" if livemode else "test_values")


async def provider_of(tx: Tx) -> Provider:
    """The provider of the acting account's platform."""
    settings = await platforms.settings(tx)
    return PROVIDERS[chosen(settings, livemode=tx.livemode)]
