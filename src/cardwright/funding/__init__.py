"""Money in: the account's balances, top-ups, funding in the test environment, and the balance
transactions that tell where the money went."""
