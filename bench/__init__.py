"""How fast the product is, beside pgbench on the same embedded database."""
