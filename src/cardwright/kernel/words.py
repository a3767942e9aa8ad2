"""Words that somebody outside wrote, made safe for where they are shown."""

# What spreadsheets take for the beginning of a formula, also in its wide forms.
_FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20 "


def printed(words: str) -> str:
    """Words without characters that nobody sees, which could steer a terminal."""
    return "".join(character for character in words if character.isprintable()).strip()


def tabled(words: str) -> str:
    """Words that no spreadsheet takes for a formula."""
    return printed(words).lstrip(_FORMULA)
