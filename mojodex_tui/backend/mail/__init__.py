"""Post that goes out."""
