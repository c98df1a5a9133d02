"""The process that executes the runs of one worker, one at a time: run as a module.

Papermill changes the working folder of its process, so the worker's own process cannot be the
one; and what a notebook does to its kernel's parent does not end the worker. Orders come as
lines of JSON over a socket. Standard input says nothing, but ends when the worker does, however
that ends; this process and its kernels end with it.
"""

import json
import os
import signal
import socket
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from kompendium.engine.plan import Run
from kompendium.engine.workshop import Workshop
from kompendium.facts.paths import ROOT_VARIABLE, Compendium
from kompendium.observation import SENT_FROM


def main() -> None:
    """Execute orders as they come, until there is nobody to give them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_worker, daemon=True).start()
    workshops: dict[str, Workshop] = {}
    home = Path(sys.argv[2])  # where the server of kernels starts: it outlives each root
    with socket.socket(fileno=int(sys.argv[1])) as link, ExitStack() as closing:
        for line in link.makefile("rb"):
            order = json.loads(line)
            kernel = order["kernel"]
            if kernel not in workshops:
                workshops[kernel] = closing.enter_context(Workshop(Compendium(home), kernel=kernel))
            _execute(order, workshops[kernel])
            link.sendall(b"\n")


def _execute(order: dict[str, Any], workshop: Workshop) -> None:
    """Execute one run in the root laid out for it."""
    root = Path(order["root"])
    workshop.compendium = Compendium(root)
    os.environ |= {ROOT_VARIABLE: order["root"], SENT_FROM: order["home"]}
    told = order["run"]
    told |= {"notebook": root / told["notebook"], "data": tuple(told["data"])}
    workshop.execute([Run(**told)])


def _end_with_the_worker() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main()
