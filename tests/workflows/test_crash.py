"""A backend killed at random moments loses no step and no decision, and repeats nothing.

The long version is `python -m tests.bench crash --kills 200`.
"""

from pathlib import Path

from tests.workflows.crashing import measure


def test_killed_at_random_moments_nothing_is_lost_or_repeated(tmp_path: Path) -> None:
    seen = measure(tmp_path, kills=8, seed=4)
    assert {key: seen[key] for key in ("kills", "lost", "repeated", "identical")} == {
        "kills": 8,
        "lost": 0,
        "repeated": 0,
        "identical": True,
    }
