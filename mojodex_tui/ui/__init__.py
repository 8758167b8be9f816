"""The full-screen interface, and the only place that knows Textual."""
