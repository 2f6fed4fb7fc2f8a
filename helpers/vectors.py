"""What matplotlib draws, written down as vectors, for the page to draw again.

A *stroke* is one thing drawn, ready for JSON: `[kind, css, clip, what, numbers]`. `css` is its
style, `clip` the outline outside which nothing shows ("" for none), and `numbers` are x and y in
turn, in tenths of a pixel, from the upper left corner. What `what` is depends on the kind:

- "path": the letters of an SVG path; "" for a plain line from point to point
- "marks": the outline of a mark, which stands at each of the points
- "text": the words, their angle in degrees, and their width in tenths of a pixel
- "image": a data URL, width and height in pixels, and where they go, an SVG matrix
"""

import base64
import io
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.collections import Collection, PathCollection
from matplotlib.colors import rgb2hex, to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D
from PIL import Image

from helpers.plots import SHARP

Stroke = list[Any]

UNITS = 10  # to a pixel
MANY = 400  # marks, beyond which one image is faster for the page than so many vectors
LETTERS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C", 79: "Z"}


def strokes_of(artist: Artist, recorder: "Recorder") -> list[Stroke]:
    """The strokes that draw `artist`: a figure (all that is not animated), or something in it.

    The figure must have a canvas of Agg's, whose measures of text are used.
    """
    # Words are slow to lay out, and a text knows whether it has changed, unless it has a box.
    words = type(artist) is Text and artist.get_bbox_patch() is None
    if words and not artist.stale and artist in recorder.last:
        return recorder.last[artist]
    for part in artist.findobj(_has_many_marks):
        part.set_rasterized(True)
    recorder.strokes = []
    artist.draw(recorder.mixed)
    if recorder.mixed._rasterizing:  # matplotlib ends it with a figure, not with an artist
        recorder.mixed.stop_rasterizing()
        recorder.mixed._rasterizing = False
    recorder.last[artist] = recorder.strokes
    return recorder.strokes


def _has_many_marks(artist: Artist) -> bool:
    if isinstance(artist, Line2D):
        return artist.get_marker() not in ("None", None, "", " ") and len(artist.get_xdata()) > MANY
    if isinstance(artist, PathCollection):
        return len(artist.get_offsets()) > MANY
    # A mesh of colored cells; contours and bands are a collection of few paths.
    return isinstance(artist, Collection) and np.size(artist.get_array()) > MANY


class Recorder(RendererBase):
    """A renderer of matplotlib's that keeps strokes instead of drawing them.

    `sharp`: how many pixels of a drawn image come to one of the page; 1 is faster, for what moves.
    """

    def __init__(self, figure: Figure, sharp: int = SHARP):
        super().__init__()
        self.sharp = sharp
        width, self.height = figure.canvas.get_width_height()
        self.frame = 0, 0, width, self.height
        self.flip = Affine2D().scale(1, -1).translate(0, self.height)
        self.strokes: list[Stroke] = []
        self.last: dict[Artist, list[Stroke]] = {}  # how each was drawn last
        # Draws images of what is rasterized, and passes everything else on to this renderer.
        inches = width / figure.dpi, self.height / figure.dpi
        self.mixed = MixedModeRenderer(figure, *inches, sharp * figure.dpi, self)
        agg = figure.canvas.get_renderer()  # measures as we do, and for words twice
        self.points_to_pixels = agg.points_to_pixels
        self.get_canvas_width_height = agg.get_canvas_width_height
        self.get_text_width_height_descent = lru_cache(1000)(agg.get_text_width_height_descent)

    # What matplotlib asks of a renderer, in its own words.

    def option_scale_image(self):
        return True

    option_image_nocomposite = option_scale_image

    def get_image_magnification(self):
        return self.sharp

    def draw_path(self, gc, path, transform, rgbFace=None):
        line = rgbFace is None and not gc.get_hatch()
        path = path.cleaned(
            transform=transform + self.flip,
            remove_nans=True,
            clip=self.frame if line else None,
            simplify=line and path.should_simplify,
            curves=True,
            snap=gc.get_snap(),
            stroke_width=self.points_to_pixels(gc.get_linewidth()),
            sketch=gc.get_sketch_params(),
        )
        points = path.vertices[(path.codes != Path.STOP) & (path.codes != Path.CLOSEPOLY)]
        plain = (path.codes[1:-1] == Path.LINETO).all()
        letters = "" if plain else "".join(LETTERS.get(code, "") for code in path.codes.tolist())
        if len(points) > 1:
            # matplotlib names a curve's kind at each of its points, SVG once.
            letters = letters.replace("QQ", "Q").replace("CCC", "C")
            self._keep("path", self._css(gc, rgbFace), gc, letters, points)

    def draw_markers(self, gc, marker_path, marker_trans, path, trans, rgbFace=None):
        corners = path.iter_segments(trans + self.flip, simplify=False, clip=self.frame)
        places = [vertices[-2:] for vertices, _ in corners]
        if places:
            mark = self._mark(marker_path, marker_trans)
            self._keep("marks", self._css(gc, rgbFace), gc, mark, np.array(places))

    def draw_path_collection(self, gc, transform, paths, transforms, *looks, hatchcolors=None):
        raw = self._iter_collection_raw_paths(transform, paths, transforms)
        marks = [self._mark(path, transform) for path, transform in raw]
        hatchcolors = [] if hatchcolors is None else hatchcolors
        each = self._iter_collection(gc, marks, *looks, hatchcolors=hatchcolors)
        for x, y, mark, one, face in each:
            place = np.array([[x, self.height - y]])
            css, before = self._css(one, face), self.strokes[-1] if self.strokes else [None]
            if before[:2] == ["marks", css] and before[3] == mark:
                before[4] += _numbers(place)
            else:
                self._keep("marks", css, one, mark, place)

    def draw_image(self, gc, x, y, im, transform=None):
        height, width = im.shape[:2]
        if transform is None:  # already as large as the picture, and `sharp` times as fine
            im = im[::-1]
            matrix = Affine2D().scale(1 / self.sharp)
            matrix.translate(x, self.height - y - height / self.sharp)
        else:
            matrix = Affine2D().scale(1 / width, 1 / height) + transform
            matrix = matrix + Affine2D().translate(x, y) + self.flip
        css = "" if gc.get_alpha() in (None, 1) else f"opacity:{gc.get_alpha():.3g}"
        numbers = " ".join(f"{value:.6g}" for value in matrix.get_matrix()[:2].T.ravel())
        what = [_data_url(im), width, height, f"matrix({numbers})"]
        self._keep("image", css, gc, what, np.zeros((0, 2)))

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        if ismath:
            return self._draw_text_as_path(gc, x, y, s, prop, angle, ismath, mtext)
        width = self.get_text_width_height_descent(s, prop, False)[0]
        family = "monospace" if "mono" in str(prop.get_family()).lower() else "sans-serif"
        size = self.points_to_pixels(prop.get_size_in_points())
        font = f"font:{prop.get_style()} {prop.get_weight()} {size:.6g}px var(--{family})"
        css = ";".join([*_color("fill", gc.get_rgb()), font])
        what = [s, -round(angle, 1), round(width * UNITS)]
        self._keep("text", css, gc, what, np.array([[x, y]]))

    def _keep(self, kind, css, gc, what, points):
        self.strokes.append([kind, css, self._clip(gc), what, _numbers(points)])

    def _mark(self, path, transform):
        """The outline of a mark about its own origin, as SVG."""
        segments = path.iter_segments(transform + Affine2D().scale(1, -1), simplify=False)
        return "".join(
            LETTERS[code] + " ".join(f"{number:.2f}" for number in points if code != Path.CLOSEPOLY)
            for points, code in segments
        )

    def _clip(self, gc):
        path, transform = gc.get_clip_path()
        if path is not None:
            return self._mark(path, transform + Affine2D().translate(0, -self.height))
        box = gc.get_clip_rectangle()
        if box is None:
            return ""
        x, y, width, height = box.bounds
        return f"M{x:.1f} {self.height - y - height:.1f}h{width:.1f}v{height:.1f}h{-width:.1f}z"

    def _css(self, gc, face):
        # Alpha for the whole stroke, where there is one, takes the place of the colors' own.
        alpha = gc.get_alpha() if gc.get_forced_alpha() else None
        rules = ["fill:none"] if face is None else _color("fill", to_rgba(face, alpha))
        width, color = self.points_to_pixels(gc.get_linewidth()), gc.get_rgb()
        if width and color[3]:
            cap = gc.get_capstyle().replace("projecting", "square")
            rules += [*_color("stroke", to_rgba(color, alpha)), f"stroke-width:{width:.4g}"]
            rules += [f"stroke-linejoin:{gc.get_joinstyle()}", f"stroke-linecap:{cap}"]
            offset, dashes = gc.get_dashes()
            if dashes is not None:
                lengths = " ".join(f"{self.points_to_pixels(length):.4g}" for length in dashes)
                rules.append(f"stroke-dasharray:{lengths}")
                rules.append(f"stroke-dashoffset:{self.points_to_pixels(offset):.4g}")
        return ";".join(rules)


def _numbers(points: np.ndarray) -> list[int]:
    return np.rint(points * UNITS).astype(int).ravel().tolist()


def _color(rule: str, color: tuple[float, ...]) -> list[str]:
    """The CSS of a fill or a stroke in this color, RGBA."""
    opacity = [] if color[3] == 1 else [f"{rule}-opacity:{color[3]:.3g}"]
    return [f"{rule}:{rgb2hex(color)}", *opacity]


def _data_url(pixels: np.ndarray) -> str:
    """RGBA pixels, (height, width, 4), as a PNG in a URL, packed fast rather than small."""
    pixels = np.ascontiguousarray(pixels)
    # A color map has 256 colors: a palette takes a quarter of the bytes, and of the time.
    colors, places = np.unique(pixels.view(np.uint32)[:, :, 0], return_inverse=True)
    if len(colors) <= 256:
        image = Image.fromarray(places.astype(np.uint8))
        image.putpalette(colors.tobytes(), "RGBA")
    else:
        image = Image.fromarray(pixels)
    packed = io.BytesIO()
    image.save(packed, "png", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(packed.getvalue()).decode()
