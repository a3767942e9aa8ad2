"""How HTTP speaks: shapes, parameters, versions, pages and the one pipe; it knows no feature."""
