"""Fill in a form of a page, as a person does in a browser."""

from typing import Any

from requests import Response, Session

from flasklogin_tutorial.visit.forms import read_forms

#: What a browser says that it takes.
PAGE = {"Accept": "text/html"}


def fill_in(browser: Session, page: str, path: str, **typed: Any) -> Response:
    """Open a page, fill in its form, and send it with all that is hidden in it.

    Args:
        browser: whose browser it is.
        page: the path of the page.
        path: where the form is sent.
        **typed: what is typed into its fields.

    Returns:
        What came back, after all redirects.

    Raises:
        LookupError: the page has no form for this path; the message lists those that it has.
    """
    shown = browser.get(page, headers=PAGE)
    forms = {form.action or shown.request.path_url: form for form in read_forms(shown.text)}
    if path not in forms:
        raise LookupError(f"{page} has no form for {path}. It has: {', '.join(forms)}.")
    return browser.post(path, data=forms[path].inputs | typed, headers=PAGE)
