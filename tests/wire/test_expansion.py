"""What the public API expands can be expanded here, wherever an object is answered."""

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from cardwright import app
from cardwright.kernel.refusal import Failure
from cardwright.wire import expand
from cardwright.wire.operation import Operation
from cardwright.wire.render import nested
from cardwright.wire.resource import Resource, members
from tests.conformance.document import document

ROOT = Path(__file__).parents[2]
PREVIEW_SDK = ROOT / ".venv" / "preview"
# One path of each kind that must be among what the SDK's classes say.
KNOWN = {
    ("account", "settings.branding.icon"),
    ("balance_transaction", "source"),
    ("capability", "account"),
    ("payout", "destination"),
    ("person", "verification.additional_document.back"),
    ("treasury.outbound_payment", "returned_details.transaction"),
}


async def expandable(release: str) -> dict[str, list[str]]:
    """The members that a release of the SDK has as an id or an object, by tag."""
    path = [str(ROOT)]
    if release == "preview":
        assert (PREVIEW_SDK / "stripe").is_dir(), "run make setup: the preview SDK is missing"
        path.insert(0, str(PREVIEW_SDK))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.sdk_expansions"),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate()
    report = json.loads(printed)
    assert ("a" in report["release"]) == (release == "preview")
    found: dict[str, list[str]] = report["expandable"]
    assert {(tag, path) for tag, paths in found.items() for path in paths} >= KNOWN
    return found


def public() -> list[Operation]:
    """The operations of the public API that may be asked to expand something."""
    return [
        one for one in app.operations() if one.path.startswith("/v1/") and one.method != "DELETE"
    ]


def answered(operation: Operation) -> Iterator[tuple[str, str]]:
    """The tags of the objects that it answers with, each with how a path into them begins."""
    shape = operation.returns
    beginning = "data." if operation.is_list else ""
    if shape is None:
        known = document().object_of(operation.method, operation.path)
        yield from [("", known)] if known is not None else []
    elif issubclass(shape, Resource) or operation.is_list:
        yield beginning, str(shape.__struct_config__.tag)
    for name, member in members(shape).items() if shape is not None else ():
        for kind, _ in nested(member.type):
            if issubclass(kind, Resource):
                yield f"{beginning}{name}.", str(kind.__struct_config__.tag)


def can_expand(operation: Operation, path: str) -> bool:
    """Whether the operation takes the path."""
    shape, revealed = operation.returns, operation.revealed
    try:
        expand.tree_of([path], shape, is_list=operation.is_list, revealed=revealed)
    except Failure:
        return False
    return True


@pytest.mark.parametrize("release", ["stable", "preview"])
async def test_what_the_sdk_says_may_be_expanded(release: str) -> None:
    wanted = await expandable(release)
    refused, checked = [], 0
    for operation in public():
        for beginning, tag in answered(operation):
            for path in wanted.get(tag, ()):
                checked += 1
                too_deep = f"{beginning}{path}".removeprefix("data.").count(".") >= expand.DEPTH_MAX
                if not too_deep and not can_expand(operation, beginning + path):
                    refused.append(f"{operation.method} {operation.path} {beginning}{path}")
    assert checked > 400
    assert not refused, "\n".join(refused)


def test_every_tag_has_a_loader() -> None:
    seen: set[type[msgspec.Struct]] = set()
    tags: set[str] = set()

    def collect(shape: type[msgspec.Struct]) -> None:
        if shape in seen:
            return
        seen.add(shape)
        for member in members(shape).values():
            if member.mark is not None and member.mark.expand is not None:
                tags.add(member.mark.expand)
            for kind, _ in nested(member.type):
                collect(kind)

    for shape in [one.returns for one in public() if one.returns is not None]:
        collect(shape)
    for loader in expand.LOADERS.values():
        collect(loader.shape)
        tags.update(loader.among)
    assert tags - set(expand.LOADERS) == expand.ABSENT
    assert not expand.ABSENT & set(expand.LOADERS)


def test_no_member_is_expandable_by_chance() -> None:
    """A path that leads nowhere is refused, however it begins."""
    [cards] = [one for one in public() if (one.method, one.path) == ("GET", "/v1/issuing/cards")]
    wrong = (
        "cardholder",
        "data",
        "data.nonsense",
        "data.status",
        "data.cardholder.nonsense",
        "data.personalization_design.card_logo.nonsense",
        "data.replaced_by.replaced_by.replaced_by.replaced_by.replaced_by",
    )
    assert [path for path in wrong if can_expand(cards, path)] == []
