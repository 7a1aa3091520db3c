"""What each page of the rendered course gets besides: its links to the live one, and its head."""

from html import escape
from pathlib import Path

from docutils import nodes


def description_of(doctree: nodes.document) -> str:
    """Return the first sentences of a page, as a search engine shows them."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        if len(text) > 60:
            return text[:157] + "…" if len(text) > 158 else text
    return ""


def links(page: str) -> str:
    """Return the links of a notebook's page to the live course."""
    up = "../" * page.count("/")
    live = f"{up}live/notebooks/index.html?path=notebooks/{page}.ipynb"
    return (
        f'<p class="run-this-page"><a class="run" href="{live}">Run this page</a> '
        f'<a href="{up}live/files/notebooks/{page}.ipynb" download>Download the notebook</a> '
        f'<a href="{up}live/work.html">Your work in this browser</a></p>'
    )


def add_links(app, doctree):
    """Put the links below the title of every page that is a notebook."""
    page = app.env.docname
    if app.env.doc2path(page).endswith(".ipynb"):
        title = next(iter(doctree.findall(nodes.title)), None)
        if title is not None:
            place = title.parent
            place.insert(place.index(title) + 1, nodes.raw("", links(page), format="html"))


def add_head(app, pagename, templatename, context, doctree):
    """Describe a page for search engines, and for whoever is sent a link to it."""
    if doctree is None:
        return
    title = escape(f"{context['title']} · {app.config.project}", quote=True)
    description = escape(description_of(doctree), quote=True)
    tags = [f'<meta name="description" content="{description}" />'] if description else []
    tags += [
        f'<meta property="og:title" content="{title}" />',
        f'<meta property="og:description" content="{description}" />',
        '<meta property="og:type" content="article" />',
    ]
    context["metatags"] = context.get("metatags", "") + "\n".join(tags)


def write_sitemap(app, error):
    """List the pages for search engines, where the address of the site is known."""
    base = app.config.html_baseurl
    if error or not base:
        return
    urls = sorted(app.env.found_docs)
    lines = [f"<url><loc>{escape(base.rstrip('/'))}/{name}.html</loc></url>" for name in urls]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    head += '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    Path(app.outdir, "sitemap.xml").write_text(head + "\n".join(lines) + "\n</urlset>\n", "utf-8")


def setup(app):
    """Register with Sphinx."""
    app.connect("doctree-read", add_links)
    app.connect("html-page-context", add_head)
    app.connect("build-finished", write_sitemap)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
