"""Why each wording's region is as wide as it is, in English; ``wordings`` has the Norwegian."""

ENGLISH = {
    "63 prosent": "A rounded figure stands for all that rounds to it: half a unit of its last "
    "digit.",
    "om lag 60 prosent": "“Om lag” (about) before a round figure says that the nearest multiple of "
    "five is meant: two and a half percentage points either way.",
    "8 av 10": "Whoever writes “av ti” (in ten) has rounded to the nearest tenth: five percentage "
    "points either way.",
    "rundt 1 av 5": "“Rundt” (around) makes the fraction looser, but a share at a neighbouring "
    "fraction would have been named by it: between the neighbouring fractions, without them.",
    "1 av 4": "A simple fraction is chosen because it is nearest: halfway to its neighbours among "
    "fractions with denominators up to six, one tenth and nine tenths.",
    "rett over halvparten": "Over one half, but by five percentage points at the most. Further up, "
    "“six in ten” is nearer.",
    "rett under halvparten": "Under one half, but by five percentage points at the most. Further "
    "down, “four in ten” is nearer.",
    "majoriteten": "A majority is more than one half; the word does not say how much more.",
    "mange": "The word is vague, but of fewer than a third it misleads.",
    "få": "A minority. The sources use the word (few) of anything from 17 to 35 per cent. A lower "
    "limit would have judged the choice of word instead of the figure.",
    "svært få": "Fewer than one in ten. Otherwise “få” (few) would have done.",
    "enkelte": "At least one, but fewer than half.",
    "alle": "One exception is enough for the word to be wrong.",
    "ingen": "One case is enough for the word to be wrong.",
    "nesten dobbelt så mange": "Under twice as many, but nearer to two than to one and a half.",
    "godt over 200": "At least five per cent above the figure, or “over” would have done. Lower "
    "than the next round figure, which would have been named.",
    "1 mill. kroner": "Grants are often given in whole millions. Five per cent either way leaves "
    "room for rounding.",
    "år 2017": "A year is exact.",
    "i større grad": "A ranking: the difference is above zero. The word does not say how far.",
    "i mindre grad": "A ranking: the difference is below zero. The word does not say how far.",
    "høyest": "Top of the ranking: the difference from the next one down is above zero.",
    "lavest": "Bottom of the ranking: the difference from the next one up is below zero.",
    "på linje med": "Five percentage points either way. A share in a survey of this size can move "
    "that far without anything having changed.",
    "status: ferdig": "A status is one of four words. It is right or it is not.",
    "kvalitativt: tett oppfølging": "A qualitative claim is held against the source it rests on, "
    "not against a figure.",
    "276 kommuner": "A count of named or counted units is exact.",
}
"""By the example of the rule."""
