"""What a room may bring to the product, how rooms tell each other what happens, and the process
that everything runs in; it knows no feature."""
