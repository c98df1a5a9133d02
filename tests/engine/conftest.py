"""Kernels for the tests of runs: forked from one server, so that each is there at once."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kompendium.engine import Record, execute, plan
from kompendium.engine.kernels import ENVIRONMENT
from kompendium.engine.warm import link
from kompendium.facts import Compendium

Run = Callable[[], list[Record]]


@pytest.fixture(scope="session")
def kernels() -> Iterator[str]:
    """The address of a server of kernels for all tests; empty where kernels cannot be forked."""
    if sys.platform != "linux":
        yield ""
        return
    server = link.Server(link.PRELOAD, os.environ | ENVIRONMENT, Path.cwd(), spares=1)
    yield server.address
    server.close()


@pytest.fixture
def served(kernels: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whatever this test runs on warm kernels use the server there is."""
    if kernels:
        monkeypatch.setenv(link.ADDRESS, kernels)


@pytest.fixture
def run(served: None, compendium: Compendium) -> Run:
    """Run all there is to run, fresh or not, one after the other on forked kernels."""
    return lambda: execute(plan(compendium), compendium, kernel="warm")
