"""Columns of a batch as single parameters.

The driver checks and encodes the elements of an array one by one, which costs more than the
decision itself; a joined text is one value, and the statement takes it apart.
"""

from collections.abc import Iterable

# Control characters that no id, code or JSON text contains.
SEPARATOR, NULL = "\x1f", "\x1e"


def as_column(values: Iterable[object]) -> str:
    """The values as one text, for ``string_to_array(..., E'\\x1f', E'\\x1e')``."""
    column = list(values)
    try:
        return SEPARATOR.join(column)  # type: ignore[arg-type]  # most columns are text
    except TypeError:
        return SEPARATOR.join([NULL if value is None else str(value) for value in column])
