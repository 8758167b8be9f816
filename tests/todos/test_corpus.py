"""The offline extractor on notes; what it names must be a To-Do, even if it misses some."""

from tests.bench.todos import main, notes, score


def test_the_corpus_is_large_and_speaks_three_languages() -> None:
    both = [*notes("tuned"), *notes("fresh")]
    assert len(both) >= 60
    assert len({note.text for note in both}) == len(both)
    assert {note.language for note in both} == {"en", "fr", "es"}


def test_finds_no_less_than_it_did() -> None:
    tuned, fresh = score(notes("tuned")), score(notes("fresh"))
    assert tuned.right >= 180
    assert tuned.found == tuned.right
    assert fresh.right >= 19
    assert fresh.found - fresh.right <= 1


def test_tells_both_halves_apart() -> None:
    numbers = main([])
    for half in ("tuned", "fresh"):
        assert isinstance(told := numbers[half], dict)
        assert (told["precision"], told["recall"]) == (
            numbers[f"{half}_precision"],
            numbers[f"{half}_recall"],
        )
