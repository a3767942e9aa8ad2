"""The log of requests: what was asked of the API, by whom, and how it was answered."""
