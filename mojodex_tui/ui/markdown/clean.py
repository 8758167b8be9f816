"""What a terminal would obey rather than show is made visible and harmless."""

_REPLACEMENT = 0xFFFD

_HARMLESS: dict[int, int] = {
    **{code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A)},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), _REPLACEMENT),
    # Marks that turn the direction of a line draw text where it is not.
    **dict.fromkeys((0x061C, 0x200E, 0x200F), _REPLACEMENT),
    **dict.fromkeys(range(0x202A, 0x202F), _REPLACEMENT),
    **dict.fromkeys(range(0x2066, 0x206A), _REPLACEMENT),
    # Line and paragraph separators: every other part knows only the newline.
    0x2028: 0x0A,
    0x2029: 0x0A,
    # Half a surrogate pair can't be written to any terminal.
    **dict.fromkeys(range(0xD800, 0xE000), _REPLACEMENT),
}


def neutralise(text: str) -> str:
    """Return `text` with control characters replaced by pictures of themselves."""
    return text.translate(_HARMLESS)


class Cleaner:
    """Cleans a text that arrives in pieces, wherever they are cut."""

    def __init__(self) -> None:
        self._after_return = False

    def feed(self, piece: str) -> str:
        """Return the clean form of the next `piece`, with newlines as line ends."""
        if not piece:
            return ""
        if self._after_return and piece.startswith("\n"):
            piece = piece[1:]
            self._after_return = False
            if not piece:
                return ""
        self._after_return = piece.endswith("\r")
        return neutralise(piece.replace("\r\n", "\n").replace("\r", "\n"))
