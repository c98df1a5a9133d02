"""Who belongs to the base of a published share, and who of them gave the answer.

Answers come as a table of codes, one row a respondent: ``role``, ``kind``, ``size_class`` (in
Statistics Norway's classes) and a column a variable; blank where nothing was answered.
"""

import pandas as pd

from kompendium.surveys.codebook import Codebook, Condition, Part


def meets(condition: Condition, answers: pd.DataFrame) -> "pd.Series[bool]":
    """Tell of each respondent whether a condition holds; a blank does not meet it."""
    return answers[condition.variable].isin(condition.codes)


def members(
    book: Codebook, part: Part, answers: pd.DataFrame
) -> tuple["pd.Series[bool]", "pd.Series[bool]"]:
    """Tell of each respondent whether they are in the base of a share, and in its count."""
    variable = book.questions[part.variable]
    answered = answers[variable.name].isin(variable.valid)
    base = answered
    if part.base is not None:
        asked = pd.Series(True, index=answers.index)
        if variable.asked_if is not None:
            asked = meets(variable.asked_if, answers)
        base = meets(part.base, answers) & (answered | ~asked)
    base = base & answers["role"].isin(variable.roles)
    if part.sizes is not None:
        base = base & answers["size_class"].isin(part.sizes.labels)
    return base, base & answers[variable.name].isin(part.codes)
