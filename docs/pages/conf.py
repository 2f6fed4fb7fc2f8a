"""The settings of Sphinx for the pages; see `pages.__main__`."""

from pathlib import Path

BUILT = Path(__file__).resolve().parent.parent / "_build"

project = "From the derivative of 3x² to the diagnostics of a deep network"
extensions = ["myst_nb", "pages.formulas", "pages.glossary"]
html_math_renderer = "mathml"

# The notebooks stand as they were committed: nothing is executed here.
nb_execution_mode = "off"
nb_code_prompt_show = "Show the code"
nb_code_prompt_hide = "Hide the code"
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
myst_heading_slug_func = "pages.source.anchor"

html_theme = "furo"
html_title = "Derivative to diagnostics"
html_static_path = [str(BUILT / "static")]
html_favicon = "page/icon.svg"
html_css_files = ["course.css", "pages.css"]
html_js_files = ["pages.js", "terms.js"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
