"""The pages of the apps, each compiled once: a run asks for thousands."""

from flask import current_app


def render(source, **values):
    """Do what `render_template_string` does, without compiling the page again."""
    pages = current_app.extensions.setdefault("pages", {})
    if source not in pages:
        pages[source] = current_app.jinja_env.from_string(source)
    current_app.update_template_context(values)
    return pages[source].render(values)
