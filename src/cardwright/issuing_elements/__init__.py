"""Card secrets on a page of the platform's: a script, and frames that the page cannot look into."""
