"""One module a screen: it asks the port, owns what is shown, and binds the keys."""
