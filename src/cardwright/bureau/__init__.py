"""The card bureau: who makes physical cards gets a file, and says what became of them."""
