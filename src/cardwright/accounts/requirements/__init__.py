"""What an account is asked for: the catalogue of countries, its evaluation, what follows."""
