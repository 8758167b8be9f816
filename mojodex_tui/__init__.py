"""The terminal home of an AI task assistant."""

__version__ = "0.1.0"
