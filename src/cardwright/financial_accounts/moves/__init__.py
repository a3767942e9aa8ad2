"""Money that comes in, goes out, comes back: the verbs and what ends them."""
