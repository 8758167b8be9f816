"""Tests of the wire models, against recordings of an original server."""
