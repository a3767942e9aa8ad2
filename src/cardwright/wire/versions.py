"""API versions: what a Stripe-Version header may say, and which members exist when.

A version is a date with a name (``2026-05-27.preview``) and flags behind semicolons
(``; issuing_program_beta=v2``). Members are marked with the dates between which they exist;
what marks cannot say is an edit, a small function from the newer body to the older one.
"""

from collections.abc import Callable
from datetime import date as day
from functools import lru_cache
from typing import Any

import msgspec

from cardwright.kernel.refusal import fail
from cardwright.kernel.registries import Keyed
from cardwright.wire import refusals

# The dates on which versions were published; every one is accepted (source: public changelog).
DATES_WITHOUT_NAME = (
    "2011-01-01 2011-06-21 2011-06-28 2011-08-01 2011-09-15 2011-11-17 2012-02-23 2012-03-25 "
    "2012-06-18 2012-06-28 2012-07-09 2012-09-24 2012-10-26 2012-11-07 2013-02-11 2013-02-13 "
    "2013-07-05 2013-08-12 2013-08-13 2013-10-29 2013-12-03 2014-01-31 2014-03-13 2014-03-28 "
    "2014-05-19 2014-06-13 2014-06-17 2014-07-22 2014-07-26 2014-08-04 2014-08-20 2014-09-08 "
    "2014-10-07 2014-11-05 2014-11-20 2014-12-08 2014-12-17 2014-12-22 2015-01-11 2015-01-26 "
    "2015-02-10 2015-02-16 2015-02-18 2015-03-24 2015-04-07 2015-06-15 2015-07-07 2015-07-13 "
    "2015-07-28 2015-08-07 2015-08-19 2015-09-03 2015-09-08 2015-09-23 2015-10-01 2015-10-12 "
    "2015-10-16 2016-02-03 2016-02-19 2016-02-22 2016-02-23 2016-02-29 2016-03-07 2016-06-15 "
    "2016-07-06 2016-10-19 2017-01-27 2017-02-14 2017-04-06 2017-05-25 2017-06-05 2017-08-15 "
    "2017-12-14 2018-01-23 2018-02-05 2018-02-06 2018-02-28 2018-05-21 2018-07-27 2018-08-23 "
    "2018-09-06 2018-09-24 2018-10-31 2018-11-08 2019-02-11 2019-02-19 2019-03-14 2019-05-16 "
    "2019-08-14 2019-09-09 2019-10-08 2019-10-17 2019-11-05 2019-12-03 2020-03-02 2020-08-27 "
    "2022-08-01 2022-11-15 2023-08-16 2023-10-16 2024-04-10 2024-06-20"
).split()
NAMED = {
    "acacia": "2024-09-30 2024-10-28 2024-11-20 2024-12-18 2025-01-27 2025-02-24".split(),
    "basil": "2025-03-31 2025-04-30 2025-05-28 2025-06-30 2025-07-30 2025-08-27".split(),
    "clover": "2025-09-30 2025-10-29 2025-11-17 2025-12-15 2026-01-28 2026-02-25".split(),
    "dahlia": "2026-03-25 2026-04-22 2026-05-27 2026-06-24 2026-07-29 2026-08-26".split(),
    "endive": "2026-09-30 2026-10-28".split(),
}
GENERAL = [*DATES_WITHOUT_NAME] + [f"{day}.{name}" for name, days in NAMED.items() for day in days]
# The newest generally available version: what a new platform is pinned to.
NEWEST = "2026-10-28.endive"
# Previews are published between the releases too; any day of their era is taken.
PREVIEW_FIRST, PREVIEW_LAST = "2024-09-30", "2026-10-28"


class Version(msgspec.Struct, frozen=True):
    """A parsed Stripe-Version: ``text`` as given without flags, its date, and the flags."""

    text: str
    date: str
    preview: bool
    flags: frozenset[str] = frozenset()

    def has(self, flag: str) -> bool:
        """Whether a flag was given; one that is asked for without a value may have any."""
        return flag in self.flags or any(each.startswith(f"{flag}=") for each in self.flags)


@lru_cache(maxsize=4096)
def parse_version(header: str) -> Version:
    """The version a header names; refuses one that was never published."""
    text, *flags = [part.strip() for part in header.split(";")]
    date, _, name = text.partition(".")
    preview = name == "preview"
    known = _is_day(date) and PREVIEW_FIRST <= date <= PREVIEW_LAST if preview else text in GENERAL
    if not known:
        fail(refusals.VERSION_INVALID, param="Stripe-Version", version=header[:100])
    return Version(text, date, preview, frozenset(flag for flag in flags if flag))


def _is_day(date: str) -> bool:
    """Whether the text is a day of the calendar, as ``2025-09-30``."""
    try:
        return day.fromisoformat(date).isoformat() == date
    except ValueError:
        return False


# The version whose vocabulary resources are declared in: everything is rendered down from it.
LATEST = Version(NEWEST, "9999-12-31", preview=True)

# What helps a caller whose version lacks what preview versions have.
PREVIEW_HINT = "It exists in preview versions: send Stripe-Version 2025-09-30.preview."

Body = dict[str, Any]
# Edits by object tag: (date of the version that changed it, newer body -> older body). The features
# register them; they are applied newest first to versions before the date.
Edit = tuple[str, Callable[[Body], Body]]
EDITS: Keyed[str, list[Edit]] = Keyed("edits of objects")
