"""Cards: issued under a program to a cardholder, with numbers that are kept sealed."""
