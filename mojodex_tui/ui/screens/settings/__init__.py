"""The settings screen, a page each section."""
