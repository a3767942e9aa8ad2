"""The faces of the account: its v1 shapes and views, their translation, the v2 view."""
