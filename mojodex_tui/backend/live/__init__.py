"""Socket.IO: who may listen to what, and what they are told (wire protocol §10)."""
