"""The one port to models: OpenAI-compatible, offline, scripted."""
