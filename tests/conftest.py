"""What holds for all tests."""

import os

from hypothesis import settings

# The same examples on every run of CI: a failure there is one of the change's own.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if "CI" in os.environ else "here")
