"""Conversations as tasks over one append-only log of typed nodes; knows nothing of Mojodex."""
