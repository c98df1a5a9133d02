"""Kernels forked from a process that holds the imports already.

Half of what a small notebook costs is imports, and a quarter the start of a kernel. ``server``
is that process, ``link`` the way to it, ``provisioner`` what Jupyter is given. Nothing here
knows of runs: whoever starts kernels through ``jupyter_client`` can use it.
"""
