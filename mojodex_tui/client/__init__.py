"""The way to a Mojodex server: ask it, listen to it, write to it; usable without any screen."""
