"""What marks the outputs that the library made, for the steps after the run that read it."""

DRAWN = "drawn"
"""The key of an output's metadata under which the numbers lie that it shows."""

METADATA = "kompendium"
"""The key of an output's metadata under which its caption waits for the finishing step."""

MADE = "made"
"""The key under that which says which function made an output: nothing else may leave a
notebook that has read real respondents (``guarding``)."""
