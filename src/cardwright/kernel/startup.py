"""What every part of the start shares: the refusal to start, said in words."""


class StartError(Exception):
    """The server cannot start; the text tells the operator why and what to do about it."""
