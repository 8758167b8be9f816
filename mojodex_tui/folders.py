"""Where the program keeps what it writes; standard library alone, as a status bar asks too."""

from pathlib import Path


def data_folder(chosen: Path | None) -> Path:
    """Return the folder of everything the program writes, made if need be."""
    if chosen is None:
        from platformdirs import user_data_dir

        chosen = Path(user_data_dir("mojodex-tui", appauthor=False))
    folder = chosen.expanduser().absolute()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
