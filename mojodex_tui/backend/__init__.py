"""Everything behind the socket: the whole Mojodex system, on SQLite or PostgreSQL."""
