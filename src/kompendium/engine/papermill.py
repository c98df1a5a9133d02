"""Papermill's runner on this project's kernels: its engine ``kompendium``.

It is an entry point, so ``papermill --engine kompendium`` has it too. Papermill executes as it
always does; what differs is the kernel (forked where that can be done), that it is ready when
it says so and gone as soon as it has closed its files, and that the notebook is saved once, as
it ended, where Papermill saves it twice a cell and marks cells that never ran as completed.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from papermill.engines import NBClientEngine, NotebookExecutionManager
from traitlets import Type

STEP = 1.0
"""Seconds between looks at whether a kernel that has not answered still lives."""

HEARD = 0.2
"""Seconds a published message may take: a kernel's welcome to who listens (Jupyter Enhancement
Proposal 65), or the word that a request is done, when it has been replied to."""


class Kernel(StrEnum):
    """How a kernel is started."""

    WARM = "warm"
    COLD = "cold"


PROVISIONERS = {Kernel.WARM: "kompendium", Kernel.COLD: "local-provisioner"}
"""Entry points of ``jupyter_client.kernel_provisioners``."""

Taken = Callable[[Any], None]
"""Told of a notebook that is about to be executed, in place."""

Begun = Callable[[KernelProvisionerBase], None]
"""Told of a kernel's provisioner, which knows its process."""


class Client(AsyncKernelClient):
    """Waits for a kernel by what it says: no fixed pause passes."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel has answered and what it publishes is heard.

        Raises RuntimeError where the kernel ends, or ``timeout`` seconds pass.
        """
        deadline = time.monotonic() + (timeout if timeout is not None else float("inf"))
        with suppress(Empty):  # what is published before is not heard; older kernels do not say
            await self.iopub_channel.get_msg(timeout=HEARD)
        while True:
            asked = self.kernel_info()
            await self._replied(asked, deadline)
            try:
                while not _ends(await self.iopub_channel.get_msg(timeout=HEARD), asked):
                    pass
            except Empty:  # who listens came after the answer: ask again
                continue
            return

    async def _replied(self, asked: str, deadline: float) -> None:
        while True:
            try:
                reply = await self.shell_channel.get_msg(timeout=STEP)
            except Empty:
                if not await self._async_is_alive():
                    raise RuntimeError("Kernel died before replying to kernel_info") from None
                if time.monotonic() > deadline:
                    raise RuntimeError("Kernel was not ready in time") from None
                continue
            if reply["parent_header"].get("msg_id") == asked:
                self._handle_kernel_info_reply(reply)
                return


def _ends(message: dict[str, Any], asked: str) -> bool:
    """Tell the message that says a request has been dealt with."""
    return bool(
        message["msg_type"] == "status"
        and message["parent_header"].get("msg_id") == asked
        and message["content"]["execution_state"] == "idle"
    )


def manager(kernel: Kernel, begun: Begun | None, ending: Callable[[], None] | None) -> type[Any]:
    """Make a class of kernel managers, as nbclient takes a class and makes the object itself.

    ``begun`` is called as a kernel has started, ``ending`` before it is told to end.
    """

    class Manager(AsyncKernelManager):
        """Starts warm or cold kernels, whatever the kernel's own specification says."""

        client_factory = Type(Client)

        @property
        def kernel_spec(self) -> Any:
            spec = super().kernel_spec
            if spec is not None:
                chosen = {"provisioner_name": PROVISIONERS[kernel]}
                spec.metadata = {**spec.metadata, "kernel_provisioner": chosen}
            return spec

        async def _async_post_start_kernel(self, **arguments: Any) -> None:
            await super()._async_post_start_kernel(**arguments)
            if begun is not None and self.provisioner is not None:
                begun(self.provisioner)

        async def shutdown_kernel(  # type: ignore[override]
            self, now: bool = False, restart: bool = False
        ) -> None:
            if ending is not None:
                ending()
            await super().shutdown_kernel(now=now, restart=restart)

    return Manager


class Keeper(NotebookExecutionManager):  # type: ignore[misc]
    """Keeps the notebook of a run under way, and leaves cells that never ran as they are."""

    def save(self, **_: Any) -> None:
        """Save nothing on the way: until all is over nobody reads half a notebook."""

    def autosave_cell(self) -> None:
        """Save nothing on the way."""

    def notebook_complete(self, **arguments: Any) -> None:
        """Note that all is over, of the cells only that they ran if they did."""
        noted = [cell.metadata.papermill for cell in self.nb.cells]
        pending = [one for one in noted if one["status"] == self.PENDING]
        super().notebook_complete(**arguments)
        for one in pending:
            one["status"] = self.PENDING

    def keep(self) -> None:
        """Save the notebook as far as it came."""
        super().save()


class KompendiumEngine(NBClientEngine):  # type: ignore[misc]
    """Papermill's engine with this project's kernels; raises what nbclient raises."""

    @classmethod
    def execute_notebook(
        cls,
        nb: Any,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: bool = True,
        log_output: bool = False,
        autosave_cell_every: int = 0,
        taken: Taken | None = None,
        **arguments: Any,
    ) -> Any:
        """Execute a notebook; it is saved as it ended, however that was.

        ``taken`` is given it before: who has no use for a file has it as far as it came.
        """
        keeper = Keeper(
            nb, output_path=output_path, progress_bar=progress_bar, log_output=log_output
        )
        if taken is not None:
            taken(nb)
        keeper.notebook_start()
        try:
            cls.execute_managed_notebook(keeper, kernel_name, log_output=log_output, **arguments)
        except BaseException:  # Papermill itself saves what ended well or with a cell's error
            keeper.keep()
            raise
        finally:
            keeper.notebook_complete()
        return keeper.nb

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        kernel: str = Kernel.WARM,
        begun: Begun | None = None,
        ending: Callable[[], None] | None = None,
        **arguments: Any,
    ) -> Any:
        """Execute with a warm kernel, or a cold one where that is asked for."""
        return super().execute_managed_notebook(
            nb_man,
            kernel_name,
            kernel_manager_class=manager(Kernel(kernel), begun, ending),
            **arguments,
        )


__all__ = ["Kernel", "KompendiumEngine"]
