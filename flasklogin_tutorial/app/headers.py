"""The response headers that tell a browser what the pages may do, which is little."""

from flask import Flask, Response, request

#: Styles from here, forms to here, and nothing else. There is no script, but on SCRIPTED pages.
#: Source: OWASP Content Security Policy Cheat Sheet.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)

#: Source: OWASP HTTP Headers Cheat Sheet. `same-origin` for the referrer, because Flask-WTF checks
#: it on https.
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

#: Two years, for the values of HSTS_COVERS. `preload` asks the makers of browsers to know of it
#: before the first visit, and is hard to take back.
#: Source: RFC 6797, section 6.1; the requirements of the HSTS preload list.
STRICT_TRANSPORT_SECURITY = {
    "host": "max-age=63072000",
    "subdomains": "max-age=63072000; includeSubDomains",
    "preload": "max-age=63072000; includeSubDomains; preload",
}


#: Pages whose address holds a secret, and what their forms are sent to: they tell no other page.
WITHOUT_REFERRER = {
    "by_mail.reset_page",
    "by_mail.reset",
    "registration.welcome_page",
    "registration.welcome",
}


#: The pages that ask the browser for a passkey, which no form can: they have one script, from here.
SCRIPTED = {"passkeys.login_page", "passkeys.log_in", "passkeys.new", "passkeys.add"}


def register_headers(app: Flask) -> None:
    """Put the headers on every response of an app, and read what they do to requests.

    Args:
        app: the app.
    """

    @app.before_request
    def forget_nowhere() -> None:
        # A browser says of a form on such a page that it comes from nowhere. What is sent there
        # needs a secret, and whoever knows it needs nobody else's browser.
        if request.endpoint in WITHOUT_REFERRER and request.headers.get("Origin") == "null":
            del request.environ["HTTP_ORIGIN"]

    @app.after_request
    def add_headers(response: Response) -> Response:
        if request.endpoint in WITHOUT_REFERRER:
            response.headers["Referrer-Policy"] = "no-referrer"
        if request.endpoint in SCRIPTED:
            with_script = f"{CONTENT_SECURITY_POLICY}; script-src 'self'"
            response.headers["Content-Security-Policy"] = with_script
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if app.config["HTTPS"]:
            strict = STRICT_TRANSPORT_SECURITY[app.config["HSTS_COVERS"]]
            response.headers.setdefault("Strict-Transport-Security", strict)
        if request.endpoint != "static":  # what is shown may belong to whoever is logged in
            response.headers.setdefault("Cache-Control", "no-store")
        return response
