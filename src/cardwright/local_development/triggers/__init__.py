"""Making an event happen: the objects it takes are created through the API, as a user would."""
