"""The operations of accounts: v1, v2, and the operator's."""
