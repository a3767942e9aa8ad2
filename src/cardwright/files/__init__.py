"""Files that accounts upload, links by which they are shared, and documents by their ids."""
