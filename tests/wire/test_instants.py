"""Bounds of time: a v1 second is all of its thousand, whichever way a record keeps instants."""

import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.kernel.clock import rfc3339
from cardwright.kernel.refusal import Failure
from cardwright.wire import instants

COMPARE = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}
FOREVER_MS = 2**62
SECONDS = st.integers(1_699_999_990, 1_700_000_010)
INSTANTS = st.integers(1_699_999_990_000, 1_700_000_010_999)


@given(st.dictionaries(st.sampled_from(sorted(COMPARE)), SECONDS), INSTANTS)
def test_seconds_bound_what_they_bound_of_whole_seconds(asked: dict[str, int], at_ms: int) -> None:
    wanted = all(COMPARE[bound](at_ms // 1000, second) for bound, second in asked.items())
    bounds = instants.of_seconds(asked)
    assert wanted == all(COMPARE[bound](at_ms, edge) for bound, edge in bounds.items())
    texts = instants.as_texts(bounds)
    assert wanted == all(COMPARE[bound](rfc3339(at_ms), edge) for bound, edge in texts.items())
    from_ms, before_ms = instants.half_open(bounds, FOREVER_MS)
    assert wanted == (from_ms <= at_ms < before_ms)


@given(st.dictionaries(st.sampled_from(sorted(COMPARE)), INSTANTS), INSTANTS)
def test_texts_bound_to_the_millisecond(asked: dict[str, int], at_ms: int) -> None:
    wanted = all(COMPARE[bound](at_ms, edge) for bound, edge in asked.items())
    texts: dict[str, str | None] = {bound: rfc3339(edge) for bound, edge in asked.items()}
    bounds = instants.of_texts(texts)
    assert bounds == asked
    from_ms, before_ms = instants.half_open(bounds, FOREVER_MS)
    assert wanted == (from_ms <= at_ms < before_ms)


def test_nothing_given_bounds_nothing() -> None:
    assert instants.of_seconds(None) == instants.of_texts(None) == {}
    assert instants.of_texts({"gt": None}) == {}
    assert instants.half_open({}, FOREVER_MS) == (0, FOREVER_MS)


def test_a_text_that_is_no_instant_is_refused_by_its_name() -> None:
    with pytest.raises(Failure) as refused:
        instants.of_texts({"gte": "yesterday"})
    assert (refused.value.refusal.name, refused.value.param) == ("field_timestamp", "created.gte")
