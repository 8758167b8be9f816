"""All benchmarks have one door: `python -m tests.bench NAME [options] --json FILE`."""

import argparse
import importlib
import json
import pkgutil
import sys
from pathlib import Path

import tests.bench


def main(argv: list[str]) -> int:
    """Run one benchmark and say, or write, what it measured."""
    names = sorted(m.name for m in pkgutil.iter_modules(tests.bench.__path__) if m.name[0] != "_")
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", choices=names, help="a module of tests.bench with main(argv)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the numbers")
    known, rest = parser.parse_known_args(argv)
    module = importlib.import_module(f"tests.bench.{known.name}")
    if not hasattr(module, "main"):
        parser.error(f"{known.name} is no benchmark")
    numbers = module.main(rest)
    text = json.dumps(numbers, indent=2)
    if known.json is not None:
        known.json.write_text(text + "\n")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
