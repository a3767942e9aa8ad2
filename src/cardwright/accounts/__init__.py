"""Connected accounts: identity, persons, capabilities, requirements and verification."""
