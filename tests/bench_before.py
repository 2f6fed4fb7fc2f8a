"""Slider figures as they were before they were drawn as vectors: a PNG for each picture.

Kept for the benchmark alone, which measures both in one run.
"""

import base64
import struct
import zlib

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.backends.backend_agg import FigureCanvasAgg

from helpers.controls import control


def sliders(fig, moving, update, *, alt, labels=None, units=None, read=None, start=None, **specs):
    """The same call as helpers.sliders.sliders, for lists and ranges."""
    moving = sorted(moving, key=lambda artist: artist.get_zorder())
    controls = {}
    for name, spec in specs.items():
        made = control(name, spec, label=name, start=(start or {}).get(name))
        controls[name] = ipywidgets.SelectionSlider(
            options=list(zip(made.texts, made.values, strict=True)), index=made.index
        )

    def values():
        return {name: slider.value for name, slider in controls.items()}

    update(**values())
    plt.close(fig)
    FigureCanvasAgg(fig)
    fig.canvas.draw()
    fig.set_layout_engine("none")
    for artist in moving:
        artist.set_animated(True)
    fig.canvas.draw()
    background = fig.canvas.copy_from_bbox(fig.bbox)

    def frame():
        update(**values())
        fig.canvas.restore_region(background)
        for artist in moving:
            fig.draw_artist(artist)
        png = _png(np.asarray(fig.canvas.buffer_rgba()))
        return b"data:image/png;base64," + base64.b64encode(png)

    width, height = fig.canvas.get_width_height()
    image = ipywidgets.Image(value=frame(), format="url", width=width, height=height)
    for slider in controls.values():
        slider.observe(lambda _change: setattr(image, "value", frame()), "value")
    display(ipywidgets.VBox([image, *controls.values()]))


def _png(pixels):
    """Packed fast: without the choice of a filter for every row."""
    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + 4 * width), np.uint8)
    rows[:, 1:] = pixels.reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n"
    for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b"")):
        check = zlib.crc32(kind + data)
        png += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)
    return png
