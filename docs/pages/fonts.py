"""The letters of the figures, for machines that lack DejaVu Sans, in which figures are measured.

Neither Windows nor macOS has it, and in another font words are spaced out or run together. The
page gets those of its letters that the chapters may need, from the fonts that come with matplotlib;
their license allows it. They come as a script, like the recordings: a page that was opened from a
folder may load scripts, but in some browsers no fonts.
"""

import base64
import io
import json
from functools import cache
from pathlib import Path

import matplotlib
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FOLDER = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
FACES = {  # file to family and weight
    "DejaVuSans": ("DejaVu Sans", "400"),
    "DejaVuSans-Bold": ("DejaVu Sans", "700"),
    "DejaVuSansMono": ("DejaVu Sans Mono", "400"),
}
LETTERS = [
    *range(0x20, 0x7F),  # of a keyboard
    *range(0xA0, 0x180),  # with accents; ×, ±, ², ·
    *range(0x391, 0x3CA),  # Greek
    *range(0x2010, 0x2027),  # dashes, quotes, dots
    *range(0x2070, 0x2090),  # powers and indices
    *range(0x2190, 0x219A),  # arrows
    *(0x2202, 0x2207, 0x2208, 0x2211, 0x2212, 0x221A, 0x221B, 0x221E, 0x2248, 0x2260, 0x2264),
    *(0x2265, 0x25A0, 0x25BC, 0x25CB, 0x25CF, 0x2713, 0x2717),
]


@cache
def woff(name: str) -> bytes:
    """The font of matplotlib's file `name`, with the letters that are needed and no more."""
    font = TTFont(FOLDER / f"{name}.ttf", recalcTimestamp=False)
    options = Options(hinting=False, layout_features=["kern"], name_IDs=[0, 1, 2, 13])
    options.drop_tables += ["FFTM"]  # of the program that made it
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    font.flavor = "woff"
    packed = io.BytesIO()
    font.save(packed)
    return packed.getvalue()


def script() -> bytes:
    """A script that gives the page the letters of its figures."""
    faces = [
        [family, weight, base64.b64encode(woff(name)).decode()]
        for name, (family, weight) in FACES.items()
    ]
    return (
        f"for (const [family, weight, woff] of {json.dumps(faces)})\n"
        "  document.fonts.add(new FontFace(family, `url(data:font/woff;base64,${woff})`, "
        "{ weight }));\n"
    ).encode()
