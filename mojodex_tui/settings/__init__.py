"""The settings file of the data folder: what may stand in it, and how it is read and changed."""
