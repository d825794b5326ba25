"""Write seeds/kibana.ndjson from newsroom.yaml: python -m seeds.kibana [--prefix staging-] [--out FILE | -]."""

from __future__ import annotations

import argparse
import sys
from importlib.resources import files
from pathlib import Path

import yaml

from seeds.kibana.objects import ndjson, saved_objects


def main() -> int:
    """Write the file and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m seeds.kibana", description=__doc__)
    parser.add_argument("--prefix", default="", help="as BROADSHEET_PREFIX; stands before index names and ids")
    parser.add_argument(
        "--out", default=str(Path(__file__).parent.parent / "kibana.ndjson"), help="default: %(default)s"
    )
    options = parser.parse_args()
    source = yaml.safe_load((files("seeds.kibana") / "newsroom.yaml").read_text(encoding="utf-8"))
    text = ndjson(saved_objects(source, options.prefix))
    if options.out == "-":
        sys.stdout.write(text)
    else:
        Path(options.out).write_text(text, encoding="utf-8")
        sys.stderr.write(f"{text.count(chr(10))} objects written to {options.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
