"""Financial accounts and what moves their money: shapes, rules, books."""
