"""Imported where workers are forked from: what the first run of each would find undone is done.

Kernels are not there yet by then, so it costs nobody time. The checker of notebooks is made, the
kernel is looked up, and what the library imports where most notebooks call it is read. What is
there by then stays shared by the workers: none looks for garbage in it.
"""

import gc
from contextlib import suppress

from jupyter_client.kernelspec import get_kernel_spec

from kompendium.engine import runs
from kompendium.engine.lightly import nbformat
from kompendium.engine.measuring import KERNEL, PACKAGE
from kompendium.engine.packages import packages_of

__all__ = ["OFTEN", "runs"]

OFTEN = ("facts", "notebook")
"""Parts of the library that most notebooks import."""

with suppress(Exception):  # the first run finds what is wrong, and its record tells
    nbformat.validate(nbformat.v4.new_notebook())
    get_kernel_spec(KERNEL)
    packages_of(path for part in OFTEN for path in (PACKAGE / part).glob("*.py"))

gc.freeze()
