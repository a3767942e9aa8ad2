"""Money, in double entry: books, balanced transfers, holds, balances and their audit."""
