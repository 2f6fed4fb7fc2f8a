"""Formulas as MathML, which browsers draw by themselves: no script, no font, nothing to fetch."""

from docutils.nodes import SkipNode, math, math_block
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx


def inline(translator, node: math) -> None:
    translator.body.append(tex2mathml(node.astext(), as_block=False))
    raise SkipNode


def block(translator, node: math_block) -> None:
    # A formula that is wider than a phone scrolls by itself.
    drawn = tex2mathml(node.astext(), as_block=True)
    translator.body.append(f'<div class="course-formula" tabindex="0">{drawn}</div>')
    raise SkipNode


def setup(app: Sphinx) -> dict:
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
