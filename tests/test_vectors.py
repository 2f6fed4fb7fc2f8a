"""What matplotlib draws, as strokes; that the page draws the same from them, the browser shows."""

import base64
import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

import helpers.plots  # the course's style  # noqa: F401
from helpers.vectors import MANY, Recorder, strokes_of


@pytest.fixture
def axes():
    fig, ax = plt.subplots()
    ax.set(xlim=(0, 10), ylim=(0, 10))
    plt.close(fig)
    FigureCanvasAgg(fig)
    fig.canvas.draw()
    fig.set_layout_engine("none")
    return ax


def strokes(artist, sharp=2):
    return strokes_of(artist, Recorder(artist.get_figure(), sharp))


def pixels_of(url):
    """The image in a data URL, as rows of red, green, blue and opacity."""
    image = Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))
    return np.asarray(image.convert("RGBA"))


def places(ax, *points):
    """Data coordinates as the numbers of a stroke: tenths of a pixel from the upper left."""
    pixels = ax.transData.transform(points)
    pixels[:, 1] = ax.get_figure().canvas.get_width_height()[1] - pixels[:, 1]
    return (10 * pixels).ravel()


def test_a_line_keeps_its_points(axes):
    (line,) = axes.plot([1, 2, 9], [1, 8, 3], "-", color="#112233", linewidth=2)
    [[kind, css, clip, letters, numbers]] = strokes(line)
    assert (kind, letters) == ("path", "")
    assert numbers == pytest.approx(places(axes, (1, 1), (2, 8), (9, 3)), abs=1)
    assert "fill:none" in css and "stroke:#112233" in css
    assert f"stroke-width:{2 * 100 / 72:.4g}" in css
    assert clip.startswith("M") and clip.endswith("z")


def test_dashes_and_transparency_are_kept(axes):
    (line,) = axes.plot([0, 9], [0, 9], "--", color=(1, 0, 0, 0.5), linewidth=1)
    css = strokes(line)[0][1]
    assert "stroke-dasharray:" in css
    assert "stroke-opacity:0.5" in css
    bar = axes.bar([3], [4], color="blue", alpha=0.25)[0]
    css = strokes(bar)[0][1]
    assert "fill:#0000ff" in css and "fill-opacity:0.25" in css


def test_words_are_laid_out_again_where_they_changed_and_not_where_they_did_not(axes):
    text = axes.text(1, 1, "before")
    recorder = Recorder(axes.get_figure())
    first = strokes_of(text, recorder)
    assert strokes_of(text, recorder) is first
    for change in (
        {"text": "after"},
        {"position": (3, 4)},
        {"color": "red"},
        {"visible": False},
        {"visible": True},
        {"rotation": 30},
    ):
        text.set(**change)
        assert strokes_of(text, recorder) == strokes(text) != first, change
        first = strokes_of(text, recorder)


def test_the_box_around_words_changes_without_them(axes):
    text = axes.text(1, 1, "boxed", bbox={"edgecolor": "blue"})
    recorder = Recorder(axes.get_figure())
    blue = strokes_of(text, recorder)
    text.get_bbox_patch().set(edgecolor="red")
    assert strokes_of(text, recorder) == strokes(text) != blue


def test_a_marker_is_told_once_and_placed_often(axes):
    (line,) = axes.plot([1, 2, 3], [4, 5, 6], "o", markersize=10)
    [[kind, _css, _clip, outline, numbers]] = strokes(line)
    assert kind == "marks"
    assert numbers == pytest.approx(places(axes, (1, 4), (2, 5), (3, 6)), abs=1)
    reach = max(
        abs(float(word)) for word in outline.translate(str.maketrans("MCLZ", "    ")).split()
    )
    assert reach == pytest.approx(5 * 100 / 72, abs=0.02)  # the radius, in pixels


def test_a_scatter_is_grouped_by_its_looks(axes):
    dots = axes.scatter([1, 2, 3], [1, 2, 3], c=["red", "red", "blue"], s=30)
    red, blue = strokes(dots)
    assert red[4] == pytest.approx(places(axes, (1, 1), (2, 2)), abs=1)
    assert blue[4] == pytest.approx(places(axes, (3, 3)), abs=1)
    assert "fill:#ff0000" in red[1] and "fill:#0000ff" in blue[1]


def test_curves_and_closed_shapes_keep_their_letters(axes):
    circle = plt.Circle((5, 5), 2)
    axes.add_patch(circle)
    [[_kind, _css, _clip, letters, numbers]] = strokes(circle)
    assert letters[0] == "M" and letters[-1] == "Z" and set(letters[1:-1]) == {"C"}
    assert len(numbers) == 2 * (1 + 3 * letters.count("C"))


def test_a_text_carries_its_measured_width(axes):
    label = axes.text(2, 3, "slope 6", fontsize=12, color="#445566", weight="bold")
    [[kind, css, _clip, (words, angle, width), numbers]] = strokes(label)
    assert (kind, words, angle) == ("text", "slope 6", 0)
    assert numbers == pytest.approx(places(axes, (2, 3)), abs=15)
    box = label.get_window_extent()
    assert width == pytest.approx(10 * box.width, abs=15)
    assert "fill:#445566" in css and "bold" in css and f"{12 * 100 / 72:.6g}px" in css


def test_a_turned_text_says_by_how_much(axes):
    [[*_, (_words, angle, _width), _numbers]] = strokes(axes.text(2, 3, "up", rotation=90))
    assert angle == -90


def test_lines_of_a_text_and_mathematics_are_all_there(axes):
    assert [s[3][0] for s in strokes(axes.text(2, 3, "one\ntwo"))] == ["one", "two"]
    assert {s[0] for s in strokes(axes.text(2, 3, "$x^2$"))} == {"path"}
    assert strokes(axes.text(2, 3, "")) == []


def test_an_image_travels_at_the_size_of_its_data(axes):
    cells = np.arange(12.0).reshape(3, 4)
    image = axes.imshow(cells, extent=(2, 6, 2, 5), aspect="auto", cmap="gray")
    [[kind, _css, _clip, (url, width, height, _matrix), _numbers]] = strokes(image)
    assert (kind, width, height) == ("image", 4, 3)
    gray = pixels_of(url)[:, :, 0].astype(int)
    assert sorted(gray.ravel()) == pytest.approx(np.linspace(0, 255, 12), abs=1)


@pytest.mark.parametrize("few", [True, False], ids=["a palette", "every color"])
def test_an_image_keeps_each_color_and_its_opacity(axes, few):
    random = np.random.default_rng(0)
    cells = random.integers(0, 4 if few else 256, (30, 40, 4)).astype(np.uint8)
    cells[:2, :2, 3] = 0
    image = axes.imshow(cells, extent=(0, 10, 0, 10), aspect="auto")
    [[*_, (url, _width, _height, matrix), _numbers]] = strokes(image)
    seen = pixels_of(url)
    if float(matrix[7:].split()[3]) < 0:  # its rows go upward
        seen = seen[::-1]
    assert (seen == cells).all()


@pytest.mark.parametrize("sharp", [1, 2])
def test_many_marks_become_one_image(axes, sharp):
    xs = np.linspace(1, 9, MANY + 1)
    dots = axes.scatter(xs, xs, c="black", s=4)
    [[kind, _css, _clip, (url, width, height, matrix), _numbers]] = strokes(dots, sharp)
    assert kind == "image"
    corner, far = places(axes, (1, 9)).reshape(-1, 2)[0], places(axes, (9, 1)).reshape(-1, 2)[0]
    scale, _, _, _, left, top = (float(word) for word in matrix[7:-1].split())
    assert scale == 1 / sharp
    assert [left, top] == pytest.approx(corner / 10, abs=4)
    assert [left + width / sharp, top + height / sharp] == pytest.approx(far / 10, abs=4)
    pixels = pixels_of(url)
    assert pixels.shape == (height, width, 4)
    # The diagonal rises: dark below on the left and above on the right.
    assert pixels[-8:, :8, 3].any() and pixels[:8, -8:, 3].any()
    assert not pixels[:8, :8, 3].any() and not pixels[-8:, -8:, 3].any()
    assert axes.get_figure().dpi == 100  # as before


def test_what_is_animated_is_left_out_of_its_figure(axes):
    (line,) = axes.plot([1, 9], [1, 9], color="#abcdef")
    figure = axes.get_figure()
    assert any("#abcdef" in css for _, css, *_ in strokes(figure))
    line.set_animated(True)
    still = strokes(figure)
    assert not any("#abcdef" in css for _, css, *_ in still)
    assert {"0", "10"} <= {what[0] for kind, _, _, what, _ in still if kind == "text"}
