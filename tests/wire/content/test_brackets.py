"""The bracket reader: what a form means, and which forms are refused."""

from typing import Any

import pytest

from cardwright.kernel.refusal import Failure
from cardwright.wire.content import brackets

READ: list[tuple[bytes, Any]] = [
    (b"", {}),
    (b"a=1", {"a": "1"}),
    (b"a=", {"a": ""}),
    (b"a", {"a": ""}),
    (b"a=1&&b=2", {"a": "1", "b": "2"}),
    (b"a[b][c]=x", {"a": {"b": {"c": "x"}}}),
    (b"a%5Bb%5D=x+y%20z", {"a": {"b": "x y z"}}),
    (b"a[]=1&a[]=2", {"a": ["1", "2"]}),
    (b"a[0]=1&a[1]=2", {"a": {"0": "1", "1": "2"}}),
    (b"a[0][k]=1&a[0][l]=2", {"a": {"0": {"k": "1", "l": "2"}}}),
    (b"a[][k]=1&a[][l]=2&a[][k]=3", {"a": [{"k": "1", "l": "2"}, {"k": "3"}]}),
    (b"a=1&a=2", {"a": "2"}),
    (b"name=Zo%C3%AB", {"name": "Zoë"}),
]


@pytest.mark.parametrize(("form", "tree"), READ)
def test_a_form_is_a_tree(form: bytes, tree: Any) -> None:
    assert brackets.read(form) == tree


REFUSED = [
    (b"a=%ff", "body_not_utf8"),
    (b"a=1&a[b]=2", "form_malformed"),
    (b"a[b]=2&a=1", "form_malformed"),
    (b"a[]=1&a[b]=2", "form_malformed"),
    (b"a[b]=2&a[]=1", "form_malformed"),
    (b"a[b=1", "form_malformed"),
    (b"a]b[=1", "form_malformed"),
    (b"[a]=1", "form_malformed"),
    (b"a[b]c=1", "form_malformed"),
    (b"=1", "form_malformed"),
    (b"a[1000]=1", "form_malformed"),
    (b"a" + b"[b]" * 8 + b"=1", "form_malformed"),
    (b"&".join(b"a%d=1" % index for index in range(1001)), "parameters_too_many"),
]


@pytest.mark.parametrize(("form", "name"), REFUSED)
def test_a_form_that_is_refused(form: bytes, name: str) -> None:
    with pytest.raises(Failure) as caught:
        brackets.read(form)
    assert caught.value.refusal.name == name


def test_the_deepest_and_longest_forms_are_read() -> None:
    assert brackets.read(b"a" + b"[b]" * 7 + b"=1")
    assert brackets.read(b"a[999]=1") == {"a": {"999": "1"}}
    assert len(brackets.read(b"&".join(b"a%d=1" % index for index in range(1000)))) == 1000
