"""Bank accounts of its own that an account may pull top-ups from: ``/v1/sources``."""
