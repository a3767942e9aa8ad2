"""Scripts for whoever works on the product."""
