"""Formulas as MathML, which browsers draw by themselves: no script, no font, nothing to fetch."""

import re

from docutils.nodes import SkipNode, math, math_block
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx

# A named function stands apart from what it is of, "ln 27", unless a parenthesis does that.
NAMED = re.compile(r"(\\(?:ln|log|tanh|cos))\s+(?=[\\\w])")

WORDS = re.compile(r"\\text\{[^}]*\}")  # in which docutils would show the backslash of "fan\_in"
BARE = re.compile(r"\\frac(\d)(\d)")  # which docutils reads as one argument, not two


def drawn(node, as_block: bool) -> str:
    tex = NAMED.sub(r"\1\\,", node.astext())
    tex = BARE.sub(r"\\frac{\1}{\2}", tex)
    tex = WORDS.sub(lambda words: words[0].replace("\\_", "_"), tex)
    return tex2mathml(tex, as_block=as_block)


def inline(translator, node: math) -> None:
    translator.body.append(drawn(node, as_block=False))
    raise SkipNode


def block(translator, node: math_block) -> None:
    # A formula that is wider than a phone scrolls by itself.
    formula = drawn(node, as_block=True)
    translator.body.append(f'<div class="course-formula" tabindex="0">{formula}</div>')
    raise SkipNode


def setup(app: Sphinx) -> dict:
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
