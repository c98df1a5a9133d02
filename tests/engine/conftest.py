"""Runs for tests: on kernels that are forked from one server, so that each is there at once."""

from collections.abc import Callable

import pytest

from kompendium.engine import Record, execute, plan
from kompendium.engine.warm.link import ADDRESS
from kompendium.facts import Compendium

Run = Callable[[], list[Record]]


@pytest.fixture
def served(kernels: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whatever this test runs on warm kernels use the server there is."""
    if kernels:
        monkeypatch.setenv(ADDRESS, kernels)


@pytest.fixture
def run(served: None, compendium: Compendium) -> Run:
    """Run all there is to run, fresh or not, one after the other on forked kernels."""
    return lambda: execute(plan(compendium), compendium, kernel="warm")
