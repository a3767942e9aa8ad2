"""The operations of financial accounts: treasury (v1), money management (v2), the
operator's."""
