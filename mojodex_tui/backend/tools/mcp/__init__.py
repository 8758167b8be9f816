"""Tools of MCP servers the user configured (Model Context Protocol)."""
