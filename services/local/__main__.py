"""`python -m services.local`: both servers in the foreground until Ctrl-C, for development."""

import argparse
import os
import signal
import sys
import time
from pathlib import Path

from rich.console import Console

from services.local.errors import LocalStackError
from services.local.ports import ELASTICSEARCH, ELASTICSEARCH_SETTING, KAFKA, KAFKA_SETTING
from services.local.progress import TerminalProgress
from services.local.stack import DEFAULT_HOME, LocalStack

_POLL = 0.5


def main() -> int:
    """Run until Ctrl-C, or until a server ends; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m services.local", description=__doc__)
    parser.add_argument("--home", type=Path, default=DEFAULT_HOME, help="data and logs (default: %(default)s)")
    parser.add_argument(
        "--kafka-port", type=int, default=os.environ.get(KAFKA_SETTING, KAFKA), help="default: %(default)s; 0: any"
    )
    parser.add_argument(
        "--elasticsearch-port",
        type=int,
        default=os.environ.get(ELASTICSEARCH_SETTING, ELASTICSEARCH),
        help="default: %(default)s; 0: any",
    )
    options = parser.parse_args()
    # A shell makes its background processes ignore Ctrl-C, and Python does not change that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    console = Console(stderr=True)
    progress = TerminalProgress(console)
    stack = LocalStack(
        options.home,
        kafka_port=options.kafka_port,
        elasticsearch_port=options.elasticsearch_port,
        on_progress=progress,
    )
    try:
        with progress:
            stack.start()
        sys.stdout.write(f"export BROADSHEET_KAFKA={stack.kafka} BROADSHEET_ELASTICSEARCH={stack.elasticsearch}\n")
        sys.stdout.flush()
        console.print("Logs:", *map(str, stack.logs), markup=False, soft_wrap=True)
        console.print("Ctrl-C stops both.")
        while True:
            stack.check()
            time.sleep(_POLL)
    except KeyboardInterrupt:
        return 0
    except LocalStackError as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return 1
    finally:
        stack.stop()


if __name__ == "__main__":
    sys.exit(main())
