"""To develop against the server."""
