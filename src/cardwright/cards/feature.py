"""What cards bring."""

from cardwright.cards import (
    api,
    deadlines,
    ephemeral_keys,
    ephemeral_keys_api,
    flows,
    pins_api,
    shipping_api,
    shipping_rules,
    wallets,
)
from cardwright.designs.model import DesignRejected
from cardwright.features.declaration import Feature, Pages
from cardwright.features.happenings import on
from cardwright.features.process import Process


def pages(process: Process) -> Pages:
    """The key that PINs are encrypted to."""
    from cardwright.cards import key_server

    return key_server.handlers(process.database)


FEATURE = Feature(
    operations=(
        *api.OPERATIONS,
        *shipping_api.OPERATIONS,
        *wallets.OPERATIONS,
        *pins_api.OPERATIONS,
        *ephemeral_keys_api.OPERATIONS,
    ),
    loaders={"issuing.card": api.LOADER},
    edits=shipping_rules.EDITS,
    deadlines=deadlines.HANDLERS,
    listeners=(on(DesignRejected, flows.cancel_unmade),),
    purges={"ephemeral keys": ephemeral_keys.purge},
    pages=pages,
)
