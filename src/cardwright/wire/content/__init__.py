"""What comes and goes as bytes: requests, forms, files that are sent and fetched."""
