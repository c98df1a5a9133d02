"""What one run may take of time and memory, and what it took.

The operating system's own limits count what is reserved (``RLIMIT_AS``, ``RLIMIT_DATA``), and
numerical libraries reserve far more than they use. So a kernel's resident memory is looked at
several times a second, and a kernel above its limit is killed: a run may be above it for that
long, and never ends well having been. The time limit is for the notebook as a whole, which
nbclient does not know (nbclient#212), from the moment its kernel has started.
"""

import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from kompendium.engine.records import State

if TYPE_CHECKING:
    from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

INTERVAL = 0.1
"""Seconds between looks."""

MIB = 1 << 20

COUNTERS = Path("/proc/vmstat")
"""Where Linux counts the processes it has killed for want of memory."""


class Watch:
    """Watches the kernel of one run, from ``begin`` to ``stop``.

    ``kernel`` tells how the kernel was started, ``broken`` which limit it was killed for, and
    ``peak`` how many bytes of memory it has used at most.
    """

    def __init__(self, kernel: str, seconds: float, mebibytes: int | None) -> None:
        """Watch nothing yet; no memory limit where ``mebibytes`` is None."""
        self.kernel = kernel
        self.seconds = seconds
        self.mebibytes = mebibytes
        self.broken: State | None = None
        self.peak: int | None = None
        self._process: psutil.Process | None = None
        self._over = threading.Event()
        self._killed_before = _killed_for_memory()

    def begin(self, provisioner: "KernelProvisionerBase") -> None:
        """Watch a kernel that has started, in a thread of its own."""
        if refused := getattr(provisioner, "refused", ""):
            self.kernel = f"cold, as {refused}"
        try:
            self._process = psutil.Process(getattr(provisioner, "pid", None))
        except psutil.Error:  # it has ended already; nbclient finds out
            return
        threading.Thread(target=self._look, name="limits", daemon=True).start()

    def measure(self) -> None:
        """Take down how much memory the kernel has used so far."""
        if self._process is not None:
            with suppress(psutil.Error, OSError):
                used = _peak(self._process)
                self.peak = max(self.peak or 0, used)

    def stop(self) -> None:
        """Watch no more."""
        self._over.set()

    @property
    def out_of_memory(self) -> bool:
        """Tell whether the operating system has killed a process for memory meanwhile."""
        return _killed_for_memory() > self._killed_before

    def _look(self) -> None:
        process, deadline = self._process, time.monotonic() + self.seconds
        while process is not None and not self._over.wait(INTERVAL):
            self.measure()
            try:
                if time.monotonic() > deadline:
                    self.broken = State.TIMED_OUT
                elif self.mebibytes is not None and _family(process) > self.mebibytes * MIB:
                    self.broken = State.OUT_OF_MEMORY
            except psutil.Error:  # it has ended by itself
                return
            if self.broken is not None:
                _kill(process)
                return


def _family(process: psutil.Process) -> int:
    """Bytes of resident memory of a kernel and what it has started."""
    used = int(process.memory_info().rss)
    for child in process.children(recursive=True):
        with suppress(psutil.Error):
            used += int(child.memory_info().rss)
    return used


def _peak(process: psutil.Process) -> int:
    """Bytes of memory a process has had at most: as Linux keeps it, elsewhere as it is now."""
    with suppress(OSError, ValueError, IndexError):
        status = Path(f"/proc/{process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024
    memory = process.memory_info()
    return int(getattr(memory, "peak_wset", memory.rss))


def _kill(process: psutil.Process) -> None:
    """Kill a kernel and what it has started; kernels lead a group of their own."""
    with suppress(psutil.Error, OSError):
        if (
            hasattr(os, "killpg")
            and process.is_running()
            and os.getpgid(process.pid) == process.pid
        ):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _killed_for_memory() -> int:
    """Count the processes this machine has killed for want of memory, as far as it tells."""
    with suppress(OSError, ValueError, IndexError):
        return int(COUNTERS.read_text().partition("oom_kill ")[2].split()[0])
    return 0
