"""The glossary in the text: where a reader meets a term anew, it shows what it means.

A term is marked once in a section, and only where the two sections before did without it. What it
says is shown by page/terms.js; without a script it is a link like any other.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

from docutils import nodes
from sphinx.application import Sphinx

from execute import NOTEBOOKS, read

ROW = re.compile(r"^\| \*\*(.+?)\*\* \| (.+?) \| \[(\d\d)\]\(\S+\) \|$", re.MULTILINE)
SPOKEN = {  # how the chapters say a term, where its name in the glossary does not tell
    "average negative log-likelihood (NLL)": "negative log-likelihood, average NLL, NLL",
    "backing off": "back off, backs off, backing off",
    "batch normalization": "batch normalization, batch norm",
    "biased, unbiased variance": "biased variance, unbiased variance",
    "layer normalization": "layer normalization, layer norm",
    "overfitting": "overfitting, overfit",
    "train, dev, test split": "dev, test split",
    "underfitting": "underfitting, underfit",
}
# Words that also mean what they mean in the street: marked where they are introduced, in bold, or
# in the chapters that are about them.
EVERYDAY = {"cell", "claim", "floor", "fold", "kernel", "leaf", "patience", "sample", "window"}
AT_HOME = {"capacity": "05", "discount": "10 11", "gain": "07 08 09", "symmetry": "06"}
AT_HOME |= {"temperature": "04"}
UNREAD = {"Further reading", "Next", "Glossary"}  # sections without anything to explain
APART = (  # what holds no running prose
    nodes.title,
    nodes.emphasis,
    nodes.reference,
    nodes.literal,
    nodes.FixedTextElement,
    nodes.table,
    nodes.math,
    nodes.math_block,
    nodes.raw,
)


@dataclass(frozen=True)
class Term:
    name: str
    sentence: str
    chapter: str

    @property
    def anchor(self) -> str:
        return "term-" + re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")

    def link(self, words: str, home: str) -> str:
        """The words, which lead to the glossary in the document `home`."""
        return (
            f'<a class="course-term" href="{home}.html#{self.anchor}" '
            f'data-says="{html.escape(self.sentence)}" data-chapter="{self.chapter}">{words}</a>'
        )


def glossary() -> tuple[str, list[Term]]:
    """The document that ends with the glossary, and its terms."""
    [path] = NOTEBOOKS.glob("00_*.ipynb")
    rows = ROW.findall(read(path).cells[-1].source)
    return path.stem, [Term(name, said.replace("`", ""), at) for name, said, at in rows]


def wording(terms: Iterable[Term]) -> tuple[re.Pattern, dict[str, Term]]:
    """A pattern for every way in which a term is said, and the term that each of them means."""
    means = {}
    for term in terms:
        for said in SPOKEN.get(term.name, term.name).split(","):
            means[said.strip().lower()] = term
    longest_first = sorted(means, key=len, reverse=True)
    ways = "|".join(re.escape(said).replace(r"\ ", r"\s+") for said in longest_first)
    # Not within a word, nor a part of one with a hyphen.
    return re.compile(rf"(?<![\w-])({ways})(s|es)?(?![\w-])", re.IGNORECASE), means


class Marker:
    """Marks terms in the texts of one page, as they come; `chapter` is the page's number."""

    def __init__(self, home: str, terms: list[Term], chapter: str):
        self.home, self.chapter = home, chapter
        self.pattern, self.means = wording(terms)
        self.sections: list[set[Term]] = [set(), set(), set()]  # met in: two before, and this one

    def next_section(self) -> None:
        self.sections = [*self.sections[1:], set()]

    def is_meant(self, term: Term, bold: bool) -> bool:
        """Whether the word is said as the term, as far as can be told."""
        at_home = self.chapter in AT_HOME.get(term.name, self.chapter)
        return bold or (at_home and term.name not in EVERYDAY)

    def mark(self, text: str, bold: bool) -> list[nodes.Node]:
        """The text in pieces, those terms marked that a reader meets anew."""
        pieces, end = [], 0
        for found in self.pattern.finditer(text):
            term = self.means[" ".join(found[1].lower().split())]
            if not self.is_meant(term, bold):
                continue
            new = not any(term in met for met in self.sections)
            self.sections[-1].add(term)
            if new:
                linked = term.link(html.escape(found[0]), self.home)
                pieces += [
                    nodes.Text(text[end : found.start()]),
                    nodes.raw("", linked, format="html"),
                ]
                end = found.end()
        return [*pieces, nodes.Text(text[end:])]


def mark_terms(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Mark the terms of a page; the rows of the glossary get the names that links lead to."""
    home, terms = app.config.course_glossary
    terms = [Term(*term) for term in terms]
    if page == home:
        name_rows(doctree, {term.name: term.anchor for term in terms})
    marker = Marker(home, terms, page[:2])
    for paragraph in doctree.findall(nodes.paragraph):
        join_lines(paragraph)
    for node in list(doctree.findall()):
        if isinstance(node, nodes.section):
            marker.next_section()
        elif isinstance(node, nodes.Text) and is_prose(node):
            pieces = marker.mark(str(node), bold=isinstance(node.parent, nodes.strong))
            if len(pieces) > 1:
                node.parent.replace(node, pieces)


def join_lines(within: nodes.Element) -> None:
    """Make one text of neighbors, which a new line has parted: a term may go on behind it."""
    for node in within.findall(nodes.Element):
        joined: list[nodes.Node] = []
        for child in node.children:
            if joined and isinstance(child, nodes.Text) and isinstance(joined[-1], nodes.Text):
                joined[-1] = nodes.Text(joined[-1] + child)
            else:
                joined.append(child)
        if len(joined) < len(node.children):
            node.children = joined
            for child in joined:
                child.parent = node


def is_prose(text: nodes.Text) -> bool:
    node, block = text.parent, False
    while node is not None:
        unread = isinstance(node, nodes.section) and node[0].astext() in UNREAD
        if unread or isinstance(node, APART):
            return False
        block = block or isinstance(node, nodes.paragraph)
        node = node.parent
    return block


def name_rows(doctree: nodes.document, anchors: dict[str, str]) -> None:
    for row in doctree.findall(nodes.row):
        if anchor := anchors.get(row[0].astext().strip()):
            row["ids"].append(anchor)


def setup(app: Sphinx) -> dict:
    home, terms = glossary()
    plain = [(term.name, term.sentence, term.chapter) for term in terms]
    # Where the glossary has changed, every page is built again.
    app.add_config_value("course_glossary", (home, plain), "env")
    app.connect("doctree-resolved", mark_terms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
