"""What an answer forbids browsers and proxies: to keep it, to guess what it is, to tell others its
address, and to load anything else."""

from collections.abc import Mapping

# Answers hold numbers of cards, keys and persons: no browser or proxy keeps one.
NOT_KEPT = {"Cache-Control": "no-store"}
# Addresses of pages and files hold what opens them.
NOT_TOLD = {"Referrer-Policy": "no-referrer"}
GUARDED = {**NOT_TOLD, "X-Content-Type-Options": "nosniff"}


def policy(**allowed: str) -> dict[str, str]:
    """The header of a page that may do nothing but what is ``allowed``, each by its directive:
    ``style_src="'self'"``."""
    rules = [f"{directive.replace('_', '-')} {sources}" for directive, sources in allowed.items()]
    return {"Content-Security-Policy": "; ".join(("default-src 'none'", *rules))}


def raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as ASGI takes them."""
    return [(name.lower().encode(), text.encode("latin-1")) for name, text in headers.items()]
