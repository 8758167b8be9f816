"""A screen that takes every key for itself."""


class AsksForKey:
    """No key of the application acts on a screen of this kind: any may be the answer."""
