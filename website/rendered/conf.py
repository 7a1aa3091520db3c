"""Sphinx reads this: how the course to read is made."""

import os

project = "Access control in Flask"
author = "the flasklogin_tutorial authors"
project_copyright = "the flasklogin_tutorial authors, BSD 3-Clause"
extensions = ["myst_nb", "sphinx_copybutton", "pages"]
source_suffix = {".ipynb": "myst-nb", ".md": "myst-nb"}
exclude_patterns = ["**.ipynb_checkpoints"]
language = "en"

# What is stored is shown, and nothing is run.
nb_execution_mode = "off"
nb_merge_streams = True
# A trace has text and, where it was run, a diagram. The stored text is what a reader can count on.
nb_mime_priority_overrides = [
    ("html", "text/html", 0),
    ("html", "text/markdown", 1),
    ("html", "text/plain", 2),
]
nb_render_markdown_format = "myst"
myst_enable_extensions = ["colon_fence", "attrs_inline"]
myst_heading_anchors = 3
# A notebook names files of the repository, which are no pages here.
suppress_warnings = ["myst.xref_missing", "myst.header", "mystnb.unknown_mime_type"]

html_theme = "sphinx_book_theme"
html_theme_options = {
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "navigation_with_keys": False,
    # The search is at the left already.
    "navbar_persistent": [],
    "use_download_button": False,
    "use_fullscreen_button": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
html_title = project
# Empty by default, of which the theme complains on a first visit.
html_context = {"default_mode": "auto"}
html_static_path = ["_static"]
html_css_files = ["course.css"]
html_favicon = "_static/favicon.svg"
html_show_sourcelink = False
html_copy_source = False
# Where the site is published, such as https://example.org/course/. Then each page names its own
# address, and there is a sitemap.
html_baseurl = os.environ.get("SITE_URL", "")
