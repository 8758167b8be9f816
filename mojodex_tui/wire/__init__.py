"""All that crosses HTTP or Socket.IO, as values. Client and backend share this package only."""
