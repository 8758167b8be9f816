"""The rules, as frozen values without I/O."""
