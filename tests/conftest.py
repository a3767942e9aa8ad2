"""What every test may use."""

pytest_plugins = [
    "pytester",
    "tests.support.database",
    "tests.support.owners",
    "tests.support.server",
    "tests.support.receiver",
    "tests.support.operator",
]
