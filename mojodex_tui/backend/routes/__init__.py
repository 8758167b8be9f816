"""HTTP in, HTTP out, nothing between."""
