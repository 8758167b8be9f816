"""The widgets: they show values and send messages, and know no client."""
