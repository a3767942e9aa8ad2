"""Balance transfers: between the payments and the Issuing balance of an account."""
