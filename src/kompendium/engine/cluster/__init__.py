"""Runs on other machines: sent to the workers of a Dask scheduler, recorded here."""


class ClusterError(Exception):
    """The cluster cannot be used; nothing has started."""


class ClusterLost(Exception):  # noqa: N818 - names a state, not a mistake
    """The scheduler or the last worker has gone; what was finished is kept."""
