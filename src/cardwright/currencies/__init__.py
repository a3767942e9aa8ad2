"""Exchange rates: what an operator loads a day, what stands in where nothing was loaded, and the
conversion of amounts between currencies."""
