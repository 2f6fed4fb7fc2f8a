"""Pictures on the page, with a reader and without; and the note on a name that is missing."""

import base64
import io
import os
import subprocess
import sys

import matplotlib.pyplot as plt
import nbformat
import pytest
import torch
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from PIL import Image

from execute import ROOT, kernel, run_cell
from helpers.missing import hint_for, names_made
from helpers.plots import Panel, drawn, frame, frames, over_seeds, show

ALT = "A line falls & rises again."


def figure(**keys):
    fig, ax = plt.subplots(**keys)
    ax.plot([1, 2, 3], [3, 1, 2])
    return fig


# ---------------------------------------------------------------- pictures


def test_a_reader_gets_an_image_with_its_sentence(read_page):
    show(figure(), ALT)
    [(data, _)] = read_page.shown
    assert set(data) == {"text/html", "text/plain"}
    assert data["text/plain"] == ALT
    markup = data["text/html"]
    assert '<img alt="A line falls &amp; rises again." width="900" src="data:image/png' in markup
    png = base64.b64decode(markup.partition("base64,")[2].partition('"')[0])
    assert Image.open(io.BytesIO(png)).size == (1800, 640)  # of double density
    assert "<style>" in markup


def test_where_nobody_is_there_it_is_a_png_with_its_sentence(page):
    show(figure(), ALT)
    [(data, metadata)] = page.shown
    assert set(data) == {"image/png", "text/plain"}
    assert data["text/plain"] == ALT
    assert metadata == {"image/png": {"alt": ALT, "width": 900}}


@pytest.mark.parametrize("alt", ["", "A line.", "A line falls and rises", None])
def test_a_picture_needs_a_sentence(page, alt):
    with pytest.raises(ValueError, match="sentence"):
        show(figure(), alt)
    assert page.shown == []


def test_letters_keep_nine_pixels():
    fig = figure()
    assert drawn(fig).least_width == 584  # 10 points are 13.9 pixels: 9 of them at 583.2
    fig.axes[0].text(1, 1, "small", fontsize=7)
    assert drawn(fig).least_width == 834
    fig.axes[0].text(1, 1, "tiny", fontsize=5)
    assert drawn(fig).least_width == 900  # no wider than it is
    plt.close(fig)


def test_maps_keep_their_colors_on_dark_pages():
    assert not drawn(figure()).photo
    fig, ax = plt.subplots()
    ax.imshow([[1, 2]])
    assert drawn(fig).photo
    plt.close("all")


# ---------------------------------------------------------------- the frame


def test_a_frame_has_title_labels_and_what_else_is_set():
    fig, ax = frame("It falls", "step", "loss [nats]", height=2, ylim=(0, 4), yscale="linear")
    assert ax.get_title(loc="left") == "It falls"
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_ylim()) == ("step", "loss [nats]", (0, 4))
    assert fig.get_size_inches().tolist() == [9, 2]
    plt.close(fig)


@pytest.mark.parametrize(("x", "y", "which"), [("", "loss", "x"), ("step", "  ", "y")])
def test_an_axis_without_a_label_is_an_error(x, y, which):
    with pytest.raises(ValueError, match=f"The {which} axis of 'It falls' has no label"):
        frame("It falls", x, y)
    with pytest.raises(TypeError, match="'y'"):
        frame("It falls", "step")


def test_no_label_may_be_said():
    fig, (left, right) = frames(Panel("Dots", "loss", None), Panel("Words", None, None))
    assert (left.get_xlabel(), left.get_ylabel(), left.axison) == ("loss", "", True)
    assert not right.axison
    plt.close(fig)


def test_shared_labels_stand_at_the_outside():
    four = [Panel(f"{n}", "step", "loss") for n in range(4)]
    fig, axes = frames(*four, rows=2, sharey=True)
    assert [ax.get_ylabel() for ax in axes] == ["loss", "", "loss", ""]
    assert [ax.get_subplotspec().rowspan.start for ax in axes] == [0, 0, 1, 1]
    plt.close(fig)


@pytest.mark.parametrize("asked", ["lower left", {"loc": "lower left", "fontsize": 9}])
def test_a_legend_comes_when_the_figure_is_shown(page, asked):
    fig, (left, right, empty) = frames(
        Panel("One", "step", "loss", legend=asked),
        Panel("Two", "step", "loss", legend=None),
        Panel("Three", "step", "loss"),
    )
    for ax in (left, right):
        ax.plot([1, 2], label="train")
    empty.plot([1, 2])
    show(fig, ALT)
    assert [text.get_text() for text in left.get_legend().get_texts()] == ["train"]
    assert left.get_legend()._loc_real == 3  # lower left
    assert right.get_legend() is None and empty.get_legend() is None


def test_a_spread_is_the_mean_with_a_standard_deviation():
    runs = torch.tensor([[1.0, 2.0, 6.0], [4.0, 4.0, 4.0]])  # (n, seeds)
    fig, ax = frame("Bars", "step", "loss")
    over_seeds(ax, [10, 20], runs)
    line, _, [bars] = ax.containers[0]
    assert line.get_ydata().tolist() == [3, 4]
    tops = [segment[1, 1] for segment in bars.get_segments()]
    assert tops == pytest.approx([3 + 7**0.5, 4])  # (4 + 1 + 9) / 2, by n - 1
    plt.close(fig)


def test_a_band_is_the_range_of_the_seeds():
    fig, ax = frame("Band", "step", "loss")
    over_seeds(ax, [10, 20], torch.tensor([[1.0, 2.0, 6.0], [4.0, 4.0, 4.0]]), band=True, label="a")
    assert ax.lines[0].get_ydata().tolist() == [3, 4]
    corners = ax.collections[0].get_paths()[0].vertices
    assert {(10, 1), (10, 6), (20, 4)} == set(map(tuple, corners.tolist()))
    plt.close(fig)


# ---------------------------------------------------------------- is somebody there?


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("value", "there"), [(None, True), ("", True), ("0", True), ("1", False)]
)  # fmt: skip
def test_a_kernel_has_a_reader_unless_it_is_told_otherwise(value, there):
    notebook = new_notebook(
        cells=[new_code_cell("from helpers.output import attended\nattended()")]
    )
    with kernel(notebook, ROOT / "notebooks", {"COURSE_UNATTENDED": value or ""}) as client:
        cell = run_cell(client, 0)
    assert cell.outputs[0].data["text/plain"] == str(there)


def test_a_script_has_no_reader():
    code = "from helpers.output import attended; print(attended())"
    environment = {k: v for k, v in os.environ.items() if k != "COURSE_UNATTENDED"}
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8")
    assert run.stdout.strip() == "False", run.stderr


# ---------------------------------------------------------------- a name that is missing


@pytest.fixture
def notebook(tmp_path):
    cells = [
        new_markdown_cell("# 01 A sample\n\n## First things"),
        new_code_cell("import torch\nfrom helpers.exercises import check as look"),
        new_markdown_cell("Some words."),
        new_code_cell("%timeit 1\nx = 1"),
        new_code_cell("for step in range(3):\n    last = step"),
    ]
    path = tmp_path / "01_sample.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


@pytest.mark.parametrize("name", ["torch", "look"])
def test_the_cell_that_makes_a_name_is_told(notebook, name):
    hint = hint_for(name, notebook)
    assert hint.startswith(f"'{name}' is made in another cell of this notebook")
    assert "under 'First things', the cell that begins with\n    import torch\n" in hint


def test_names_in_loops_count(notebook):
    assert "for step in range(3):" in hint_for("last", notebook)


@pytest.mark.parametrize("name", ["nowhere", "check", "x"])
def test_a_name_that_no_cell_is_known_to_make_has_no_hint(notebook, name):
    assert hint_for(name, notebook) == ""


def test_without_a_notebook_there_is_no_hint(tmp_path):
    assert hint_for("x", None) == ""
    assert hint_for("x", tmp_path / "none.ipynb") == ""
    (tmp_path / "broken.ipynb").write_text("{", encoding="utf-8")
    assert hint_for("x", tmp_path / "broken.ipynb") == ""


def test_names_inside_of_functions_are_their_own():
    made = names_made("def f(a):\n    b = 1\n\nc = [d for d in e]\nwith g() as h:\n    i: int = 1")
    assert made == {"f", "c", "h", "i"}
