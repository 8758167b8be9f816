"""Shipped tasks, as data."""
