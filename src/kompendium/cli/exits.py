"""Exit codes: what a script that calls the command may rely on."""

from enum import IntEnum


class Exit(IntEnum):
    """How the command ended."""

    DONE = 0
    VERDICT = 1  # a finding's verdict is not the one on record
    DIFFERENT = 1  # «diff», «release reproduce»: results differ
    INPUT = 2  # the input is wrong, and every mistake was listed; or there is no such cluster
    RUN = 3  # a run failed, or the cluster has gone
    PUBLICATION = 4  # the publication failed its checks
    LOCKED = 5  # another build holds the lock
    INTERNAL = 70  # a mistake in Kompendium itself
    INTERRUPTED = 130
