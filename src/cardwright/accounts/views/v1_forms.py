"""How v1 has the kinds of values that accounts and persons share."""

from collections.abc import Mapping
from typing import Annotated, Any

from cardwright.accounts.record import identity
from cardwright.wire.faces.face import Form, seconds
from cardwright.wire.resource import (
    Country,
    DecimalText,
    IpAddress,
    Mark,
    Moment,
    Shape,
)

Body = dict[str, Any]

TEXT = Mark(longest=500)
LONG = Mark(longest=5000)
DIGITS = Mark(longest=50)


class Address(Shape):
    """A postal address; members that are not given stay as they are."""

    line1: Annotated[str | None, TEXT]
    line2: Annotated[str | None, TEXT]
    city: Annotated[str | None, TEXT]
    state: Annotated[str | None, TEXT]
    postal_code: Annotated[str | None, DIGITS]
    town: Annotated[str | None, TEXT]
    country: Country | None


class Acceptance(Shape):
    """When (seconds), from where and with what somebody accepted or declared something."""

    date: Moment | None
    ip: IpAddress | None
    user_agent: Annotated[str | None, LONG]


class Files(Shape):
    """A document of some files, by their ids."""

    files: Annotated[list[str] | None, TEXT]


class Document(Shape):
    """Both sides of a document, as file ids."""

    front: Annotated[str | None, TEXT]
    back: Annotated[str | None, TEXT]


def address(value: Any) -> Body:
    """An address; a town is shown once it was given."""
    names = ("city", "country", "line1", "line2", "postal_code", "state")
    body = {name: getattr(value, name, None) for name in names}
    town = getattr(value, "town", None)
    return body if town is None else {**body, "town": town}


def acceptance(value: identity.Acceptance | None) -> Body:
    """An acceptance, without the page where it was."""
    return {
        "date": seconds(value.date) if value is not None else None,
        "ip": value.ip if value is not None else None,
        "user_agent": value.user_agent if value is not None else None,
    }


def _two_sided(given: Body) -> Body:
    return {"type": "front_back", "front_back": given}


def _in_document(path: str) -> tuple[str, ...]:
    """v1 knows documents of two sides alone."""
    return (path.removeprefix("front_back").removeprefix("."),)


def _of_files(given: Body) -> Body | None:
    """A document of files; without any there is none. What gives only its signer keeps them."""
    return {"type": "files", **given} if given.get("files", True) else None


FILES = Form(takes=Files, give=_of_files, show=False)
FORMS: Mapping[Any, Form] = {
    identity.Acceptance: Form(takes=Acceptance, show=acceptance),
    identity.Address: Form(takes=Address, show=address),
    identity.FilesDocument: FILES,
    identity.TwoSidedDocument: Form(
        takes=Document, give=_two_sided, show=False, below=_in_document
    ),
    DecimalText: Form(show=lambda share: None if share is None else float(share)),
}
