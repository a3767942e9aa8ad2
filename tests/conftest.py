"""What every test may use."""

pytest_plugins = ["tests.support.database", "tests.support.server", "tests.support.receiver"]
