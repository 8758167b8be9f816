import gc
import sys

import pytest

from mojodex_tui.lean import for_good, without


def test_what_is_left_out_cannot_be_imported_within_and_can_be_afterwards() -> None:
    sys.modules.pop("colorsys", None)
    with without("colorsys"), pytest.raises(ImportError):
        import colorsys
    import colorsys

    assert colorsys.rgb_to_hsv(0, 0, 0) == (0, 0, 0)


def test_what_is_in_use_already_stays_so() -> None:
    with without("sys"):
        assert sys.modules["sys"] is sys


def test_all_is_as_before_when_an_import_within_fails() -> None:
    with pytest.raises(ModuleNotFoundError), without("colorsys"):
        import no_such_module_anywhere  # type: ignore[import-not-found] # noqa: F401 - it fails
    import colorsys

    assert colorsys.rgb_to_hsv(0, 0, 0) == (0, 0, 0)


def test_what_is_imported_for_good_is_never_looked_at_again() -> None:
    gc.collect()
    before = gc.get_freeze_count()
    try:
        with for_good():
            was_looking = gc.isenabled()
            kept = [[] for _ in range(1000)]  # type: list[list[int]]
        assert (was_looking, gc.isenabled()) == (False, True)
        assert gc.get_freeze_count() >= before + len(kept)
    finally:
        gc.unfreeze()
