"""The course as pages: `make pages` builds them, and every slider moves with no kernel behind it.

- `recorder` runs in a chapter's kernel and writes down what its figures and questions can show
- `chapters` runs a chapter with the recorder in it, once, and keeps what came out
- `packing` makes a recording small; `page/pages.js` takes it apart again
- `source` turns a committed notebook into the one that Sphinx reads
- `glossary` marks its terms in the text; `page/terms.js` shows what they say
- `fonts` takes along the letters of the figures
- `conf` holds the settings of Sphinx, and `formulas` draws formulas without a script
"""
