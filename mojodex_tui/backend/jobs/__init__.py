"""Work that comes due on the clock."""
