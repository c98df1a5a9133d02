"""Which strings of a cell readers see."""

import pytest

from kompendium.translation.literals import comments, literals, replaced


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ('prose("To ord.")', ["To ord."]),
        ('ax.set(xlabel="Folketall", loc="upper left")', ["Folketall"]),
        ('row["Norsk navn"], frame.loc[mask, "Et navn"]', []),
        ('kind == "En bydel" or kind in ("Ei bygd", "x")', []),
        ('frame.query("a > 2 and b")', []),
        ('ax.annotate(name, at, textcoords="offset points")', []),
        ('f"tbl-{name}"', []),
        ('f"{n} kommuner"', ["{n} kommuner"]),
        ("f\"{'flere' if n else 'færre'}\"", ["{'flere' if n else 'færre'}"]),
        ('word("ingen") if n else "left"', ["ingen"]),
        ('def f():\n    """A docstring."""\n    return "sa han"', ["sa han"]),
        ('{"Folketall": 1}', ["Folketall"]),
    ],
)
def test_a_string_is_text_where_it_reads_like_text(code: str, texts: list[str]) -> None:
    assert [one.message for one in literals(code)] == texts


def test_texts_are_replaced_where_they_stand_also_after_letters_of_several_bytes() -> None:
    code = 'x = "Blåbær på øya"; y = f"{x} på Ås"; z = "ål"'
    found = literals(code)
    new = dict(zip(found, ["Berries there", "at Ås: {x}", "an eel"], strict=True))
    assert replaced(code, new) == 'x = "Berries there"; y = f"at Ås: {x}"; z = "an eel"'


def test_a_text_over_several_lines_stays_within_the_width_of_code() -> None:
    code = 'prose(\n    f"{n} kommuner svarte "\n    "på alt."\n)'
    (one,) = literals(code)
    assert one.message == "{n} kommuner svarte på alt."
    done = replaced(code, {one: "Of all municipalities, {n} answered every question. " * 3})
    assert max(map(len, done.split("\n"))) <= 100
    said: list[str] = []
    exec(done, {"n": 5, "prose": said.append})
    assert said == ["Of all municipalities, 5 answered every question. " * 3]


def test_comments_of_parameters_are_texts() -> None:
    code = 'unit = "1577"  # Kommunenummer #1, på fire siffer.\nn = 2  # Nr.'
    found = comments(code)
    assert [one.message for one in found] == ["Kommunenummer #1, på fire siffer.", "Nr."]
    done = replaced(code, {found[0]: "The number."}, code=False)
    assert done == 'unit = "1577"  # The number.\nn = 2  # Nr.'
