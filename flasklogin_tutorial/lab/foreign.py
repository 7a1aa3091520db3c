"""A page of another site, open in somebody's browser: what it can send, and what goes along.

It does what a browser does, and no more. A cookie goes along only where its SameSite rule lets it.
The browser says where the request comes from. And a request that no form could make is sent only
after the app has been asked.
"""

from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from flask import Flask
from urllib3.filepost import encode_multipart_formdata

from flasklogin_tutorial.attacks import web
from flasklogin_tutorial.visit import Browser, read_forms, serve

#: What a form can send, and therefore a script of any page without asking (Fetch standard, "CORS-
#: safelisted method" and "CORS-safelisted request-header").
_METHODS = {"GET", "HEAD", "POST"}
_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")


class NotSent(Exception):
    """A browser keeps back a request, because the app did not allow pages of this origin to."""


class ForeignPage(Browser):
    """A page of another origin, open in somebody's browser; see `foreign_page`.

    Args:
        app: the app to which the page sends.
        reader: the browser in which the page is open.
        origin: where the page is from.
    """

    def __init__(self, app: Flask, reader: Browser, origin: str) -> None:
        self._way = serve(app)  # is kept, because its server ends with it
        super().__init__(
            self._way.base_url, self._way.get_adapter(self._way.base_url), self._way.close
        )
        self.headers = self._way.headers
        self.reader, self.origin = reader, origin
        here, there = urlsplit(self.base_url), urlsplit(origin)
        self.same_site = (here.scheme, here.hostname) == (there.scheme, there.hostname)

    def request(
        self, method: str, url: str | bytes, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send what a link (`get`) or a form (`post`) of this page sends; follow no redirect.

        Raises:
            NotSent: no form can send this, and the app did not allow it when it was asked.
        """
        kwargs["allow_redirects"] = False
        self.cookies.clear()
        for cookie in self.reader.cookies:
            if self.same_site or web.attached_from_elsewhere(cookie, method.upper() == "GET"):
                self.cookies.set_cookie(cookie)
        return super().request(method, url, *args, **kwargs)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send a prepared request as this page's, and keep the cookies that come back."""
        kind = str(request.headers.get("Content-Type", _FORM_TYPES[0])).partition(";")[0]
        if request.method not in _METHODS or kind not in _FORM_TYPES:
            self._ask_first(request, kind, **kwargs)
        request.headers["Sec-Fetch-Site"] = "same-site" if self.same_site else "cross-site"
        if request.method != "GET":  # nobody says where a link was
            request.headers["Origin"] = self.origin
        response = super().send(request, **kwargs)
        web.keep_cookies_of(response, self.reader)
        return response

    def _ask_first(self, request: requests.PreparedRequest, kind: str, **kwargs: Any) -> None:
        asked = {
            "Origin": self.origin,
            "Access-Control-Request-Method": str(request.method),
            "Access-Control-Request-Headers": "content-type",
        }
        question = requests.Request("OPTIONS", request.url, headers=asked).prepare()
        said = super().send(question, **kwargs).headers
        methods = {*_METHODS, *said.get("Access-Control-Allow-Methods", "").split(", ")}
        headers = said.get("Access-Control-Allow-Headers", "").lower().split(", ")
        if (
            said.get("Access-Control-Allow-Origin") != self.origin
            or said.get("Access-Control-Allow-Credentials") != "true"
            or request.method not in methods
            or (kind not in _FORM_TYPES and "content-type" not in headers)
        ):
            what = f"{request.method} with {kind}" if request.body else str(request.method)
            raise NotSent(f"the browser asked the app with OPTIONS, and it did not allow {what}")


def foreign_page(app: Flask, reader: Browser, origin: str = web.FOREIGN) -> ForeignPage:
    """Open a page of another origin in somebody's browser.

    Args:
        app: the app to which the page will send.
        reader: the browser of whoever opens the page. Cookies that the answers set, it keeps.
        origin: where the page is from. One with the app's scheme and host and another port is of
            the same site, so all cookies go along.

    Returns:
        The page, to be used like a browser: `page.post("/", data="…")` is a form, `page.get("/")`
        a link.
    """
    return ForeignPage(app, reader, origin)


def encode_form(html: str) -> dict[str, Any]:
    """Do what a browser does with the first form of a page when it is sent.

    Source: HTML standard, "Form submission algorithm".

    Args:
        html: the page.

    Returns:
        The body and its content type, as arguments for `post`.

    Raises:
        LookupError: there is no form.
    """
    forms = read_forms(html)
    if not forms:
        raise LookupError("There is no <form> in this page.")
    form, kind = forms[0], forms[0].enctype
    body: str | bytes
    if kind == "text/plain":
        body = "".join(f"{name}={value}\r\n" for name, value in form.inputs.items())
    elif kind == "multipart/form-data":
        body, kind = encode_multipart_formdata(form.inputs)
    else:
        body, kind = urlencode(form.inputs), _FORM_TYPES[0]
    return {"data": body, "headers": {"Content-Type": kind}}
