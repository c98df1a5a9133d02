"""Kernels for ``jupyter_client`` that are forked where they can be, and started where not.

The provisioner is an entry point, so that whatever starts kernels with ``jupyter_client`` can
use it: nbclient, nbval, nbconvert and JupyterLab with the environment variable
``JUPYTER_DEFAULT_PROVISIONER_NAME=kompendium``, or any kernel with these lines in its
``kernel.json``::

    "metadata": {"kernel_provisioner": {"provisioner_name": "kompendium"}}

A kernel that is not this interpreter's own, or is wanted in another environment, is started in
the ordinary way.
"""

import asyncio
import atexit
import os
import sys
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Int, List, Unicode

from kompendium.engine.warm.link import ADDRESS, LATER, PRELOAD, Kernel, NotForked, Server

LAUNCHER = ["-m", "ipykernel_launcher"]

PATIENCE = 2.0
"""Seconds a forked kernel has to end by itself when it is asked politely."""

_servers: list[Server] = []


def own_server(preload: list[str], environment: dict[str, str], cwd: Path, spares: int) -> str:
    """Give the address of this process's own server, which is started when first asked for."""
    if not _servers:
        _servers.append(Server(preload, environment, cwd, spares))
        atexit.register(_servers[0].close)
    return _servers[0].address


class WarmProvisioner(LocalProvisioner):
    """Forks kernels from a server that holds the imports; else starts them as usual.

    ``refused`` says why a kernel was not forked; it is empty where it was.
    """

    preload = List(Unicode(), [*PRELOAD, *LATER], help="The modules the server imports.").tag(
        config=True
    )
    spares = Int(1, help="Forks that are kept ready ahead of need.").tag(config=True)

    refused = ""
    _kernel: Kernel | None = None
    _launched = False

    @property
    def has_process(self) -> bool:
        """Tell whether there is a kernel."""
        return self._kernel is not None or super().has_process

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Prepare as usual; a forked kernel finds its ports itself."""
        if self.parent is not None:
            self.parent.cache_ports = False
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel, or start one where that cannot be done."""
        environment = dict(kwargs.get("env") or os.environ)
        address = environment.pop(ADDRESS, "")
        kwargs["env"] = environment
        try:
            ports = await self._fork(cmd, environment, Path(kwargs.get("cwd") or "."), address)
        except NotForked as reason:
            self.refused = str(reason)
            self.log.info("An ordinary kernel is started: %s", reason)
            return await super().launch_kernel(cmd, **kwargs)
        self.cwd = kwargs.get("cwd") or Path.cwd()
        self._launched = True
        if self.parent is not None:
            for name, number in ports.items():
                setattr(self.parent, name, number)
            self.connection_info = self.parent.get_connection_info()
        return self.connection_info

    async def _fork(
        self, cmd: list[str], environment: dict[str, str], cwd: Path, address: str
    ) -> dict[str, int]:
        """Have a kernel forked; gives its ports. Raises NotForked."""
        if Path(cmd[0]) != Path(sys.executable) or cmd[1:3] != LAUNCHER:
            raise NotForked("not a kernel of this interpreter")
        if self.parent is None:
            raise NotForked("no kernel manager")
        if not address:
            address = own_server([*self.preload], environment, cwd.absolute(), self.spares)
        kernel = Kernel(address)
        job = {
            "arguments": cmd[3:],
            "connection_file": os.path.realpath(self.parent.connection_file),
            "choosing": not self._launched and self.parent.transport == "tcp",
            "env": environment,
            "cwd": str(cwd.absolute()),
        }
        ports = await kernel.start(job)
        self._kernel = kernel
        self.pid = self.pgid = kernel.pid
        return ports

    async def poll(self) -> int | None:
        """Give the kernel's exit code; None while it lives."""
        return self._kernel.poll() if self._kernel else await super().poll()

    async def wait(self) -> int | None:
        """Wait for the kernel's end; no process is left behind."""
        if self._kernel is None:
            return await super().wait()
        code = await self._kernel.ended()
        self._kernel.close()
        self._kernel = None
        return code

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and what it has started."""
        if self._kernel is None:
            await super().send_signal(signum)
        else:
            self._kernel.signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel; a forked one is gone when this returns."""
        await super().kill(restart)
        if self._kernel is not None:
            self._kernel.signal(9)
            await self._kernel.ended()

    async def terminate(self, restart: bool = False) -> None:
        """Ask the kernel to end."""
        await super().terminate(restart)
        if self._kernel is not None:
            self._kernel.signal(15)

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Wait for a polite end where it comes soon, not in steps."""
        if self._kernel is not None:
            try:
                async with asyncio.timeout(self.get_shutdown_wait_time() / 2):
                    await self._kernel.ended()
            except TimeoutError:
                pass

    def get_shutdown_wait_time(self, recommended: float = PATIENCE) -> float:
        """Give the seconds a polite end may take: half for the kernel itself, half for more."""
        return PATIENCE if self._kernel else super().get_shutdown_wait_time(recommended)

    async def cleanup(self, restart: bool = False) -> None:
        """Let go of the kernel's connection."""
        await super().cleanup(restart)
        if self._kernel is not None and not restart:
            self._kernel.close()
            self._kernel = None
