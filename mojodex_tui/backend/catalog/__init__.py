"""The catalog: tasks as files, read and checked."""
