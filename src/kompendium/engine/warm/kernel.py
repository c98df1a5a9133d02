"""A fork that becomes the kernel it was told to be.

Loaded by ``server`` from beside it, without its package: nothing of Kompendium is imported.
"""

# Paths are text here: what the server imports, every kernel starts with.
# ruff: noqa: PTH123

import atexit
import gc
import importlib.util
import io
import json
import os
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, NoReturn

FILE: Any = io.IOBase.__base__
"""What every open file is. ``io.IOBase`` itself, an abstract class, would be asked for each of
thousands of classes and remember the answers."""

LAST_WORDS = 1.0
"""Seconds the thread that was told to end has to say that it does. As the process ends, ipykernel
closes what it says that through, and then waits for it: one kernel in five hung in between."""


Made = Callable[[Any], None]
"""Told of the kernel's application when it has been made, and before it begins."""


def live(job: dict[str, Any], connection: socket.socket, made: Made) -> NoReturn:
    """Be the kernel that was asked for until it is told to end, and end this process."""
    code = 0
    gc.enable()
    try:
        become(job, connection, made)
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
        code = 1
    streams = [*_open_files()]
    gc.freeze()  # IPython would look for garbage as it ends
    atexit._run_exitfuncs()
    for stream in (*streams, *_open_files()):  # the second finds what was opened since
        with suppress(Exception):
            stream.flush()
    os._exit(code)  # nothing is taken apart that ends with the process


def become(job: dict[str, Any], connection: socket.socket, made: Made) -> None:
    """Become a kernel in the job's environment and folder; tell when, and at which ports."""
    os.environ.clear()
    os.environ.update(job["env"])
    time.tzset()
    os.chdir(job["cwd"])
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()  # every fork would draw the same numbers
    launcher = importlib.util.find_spec("ipykernel_launcher")
    sys.argv = [str(launcher.origin) if launcher else "", *job["arguments"]]
    from ipykernel.kernelapp import IPKernelApp

    if job["choosing"]:
        _choose_ports(job["connection_file"])
    app: Any = IPKernelApp.instance(parent_handle=1)  # the server sees to it that none is left
    app.initialize(job["arguments"])
    made(app)
    ports = {f"{name}_port": number for name, number in app._ports.items()}
    told = json.dumps({"ready": os.getpid(), "ports": ports})
    connection.sendall(told.encode() + b"\n")
    app.start()
    if app.control_thread:
        app.control_thread.join(LAST_WORDS)


def _choose_ports(path: str) -> None:
    """Let the kernel find free ports as it binds them: others may take what was found before."""
    with open(path) as file:
        connection = json.load(file)
    connection |= {name: 0 for name in connection if name.endswith("_port")}
    with open(path, "w") as file:
        json.dump(connection, file)


def _open_files() -> Iterator[io.IOBase]:
    """Give the files that are open for writing; an ordinary end would write what they hold."""
    objects: list[Any] = [*gc.get_objects(), sys.__stdout__, sys.__stderr__]
    kinds = {kind for kind in {*map(type, objects)} if issubclass(kind, FILE)}
    for one in objects:
        if type(one) in kinds and not one.closed and one.writable():
            yield one
