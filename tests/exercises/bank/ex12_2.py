"""Answers to exercise 12.2."""


# %% right
def mended_throttle():
    app = create_app()
    tries = {}

    @app.before_request
    def limit():
        if request.endpoint == "login":
            seen = tries.setdefault(request.remote_addr, [])
            seen.append(request.path)
            if len(seen) >= 6:
                abort(429)

    return app


# %% right
def mended_throttle():
    app = forwarded_app()
    limited = app.wsgi_app

    def without_headers(environ, start_response):
        environ.pop("HTTP_X_FORWARDED_FOR", None)
        return limited(environ, start_response)

    app.wsgi_app = without_headers
    return app


# %% right
def mended_throttle():
    from flask_limiter import Limiter
    from flask_limiter.util import get_remote_address

    app = create_app()
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    app.view_functions["login"] = limiter.limit("5 per hour")(app.view_functions["login"])
    return app


# %% wrong: the broken app
# says: What are the tries counted by, and who chooses it?
def mended_throttle():
    return forwarded_app()


# %% wrong: no throttle
# says: try 6 from 203.0.113.7, by a new browser without such headers; came back: 200 OK
def mended_throttle():
    return create_app()


# %% wrong: no return
# says: Does the function end with `return app`?
def mended_throttle():
    app = create_app()


# %% wrong: the last address of the header
# says: try 6 from 203.0.113.8, by a new browser with {'X-Forwarded-For'
def mended_throttle():
    app, tries = create_app(), Counter()
    plain_login = app.view_functions["login"]

    def login():
        key = request.access_route[-1]
        tries[key] += 1
        if tries[key] > 5:
            return {"error": "too many tries"}, 429
        return plain_login()

    app.view_functions["login"] = login
    return app


# %% wrong: another header
# says: What are the tries counted by, and who chooses it?
def mended_throttle():
    app, tries = create_app(), Counter()
    plain_login = app.view_functions["login"]

    def login():
        key = request.headers.get("X-Real-IP", request.remote_addr)
        tries[key] += 1
        if tries[key] > 5:
            return {"error": "too many tries"}, 429
        return plain_login()

    app.view_functions["login"] = login
    return app


# %% wrong: the header and the address
# says: What are the tries counted by, and who chooses it?
def mended_throttle():
    app, tries = create_app(), Counter()
    plain_login = app.view_functions["login"]

    def login():
        key = (request.remote_addr, request.headers.get("X-Forwarded-For"))
        tries[key] += 1
        if tries[key] > 5:
            return {"error": "too many tries"}, 429
        return plain_login()

    app.view_functions["login"] = login
    return app


# %% wrong: trusts a proxy that is not there
# says: What are the tries counted by, and who chooses it?
def mended_throttle():
    from werkzeug.middleware.proxy_fix import ProxyFix

    app = forwarded_app()
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1)
    return app


# %% wrong: the browser's name
# says: What are the tries counted by, and who chooses it?
def mended_throttle():
    app, tries = create_app(), Counter()
    plain_login = app.view_functions["login"]

    def login():
        key = (request.remote_addr, request.headers.get("User-Agent"))
        tries[key] += 1
        if tries[key] > 5:
            return {"error": "too many tries"}, 429
        return plain_login()

    app.view_functions["login"] = login
    return app


# %% wrong: the session
# says: try 6 from 203.0.113.7, by a new browser
def mended_throttle():
    from flask import session

    app = create_app()
    plain_login = app.view_functions["login"]

    def login():
        session["tries"] = session.get("tries", 0) + 1
        if session["tries"] > 5:
            return {"error": "too many tries"}, 429
        return plain_login()

    app.view_functions["login"] = login
    return app


# %% wrong: the name
# says: by turns with two names, and all from one address
def mended_throttle():
    app, tries = create_app(), Counter()
    plain_login = app.view_functions["login"]

    def login():
        key = json.loads(request.data)["username"]
        tries[key] += 1
        if tries[key] > 5:
            return {"error": "too many tries"}, 429
        return plain_login()

    app.view_functions["login"] = login
    return app


# %% wrong: one count for all
# says: Five are allowed from each address, with whatever headers.
def mended_throttle():
    app, tries = create_app(), Counter()
    plain_login = app.view_functions["login"]

    def login():
        key = "everybody"
        tries[key] += 1
        if tries[key] > 5:
            return {"error": "too many tries"}, 429
        return plain_login()

    app.view_functions["login"] = login
    return app


# %% wrong: off by one
# says: try 5 from 203.0.113.7, by a new browser without such headers; came back: 429
def mended_throttle():
    app, tries = create_app(), Counter()
    plain_login = app.view_functions["login"]

    def login():
        key = request.remote_addr
        tries[key] += 1
        if tries[key] > 4:
            return {"error": "too many tries"}, 429
        return plain_login()

    app.view_functions["login"] = login
    return app


# %% wrong: off by one the other way
# says: which try is the first that is refused?
def mended_throttle():
    app, tries = create_app(), Counter()
    plain_login = app.view_functions["login"]

    def login():
        key = request.remote_addr
        tries[key] += 1
        if tries[key] > 6:
            return {"error": "too many tries"}, 429
        return plain_login()

    app.view_functions["login"] = login
    return app


# %% wrong: 429 in the body only
# says: expected: the status 429: there were five tries from this address
def mended_throttle():
    app, tries = create_app(), Counter()
    plain_login = app.view_functions["login"]

    def login():
        tries[request.remote_addr] += 1
        if tries[request.remote_addr] > 5:
            return {"status": 429}
        return plain_login()

    app.view_functions["login"] = login
    return app


# %% wrong: who brings the header is refused
# says: Five are allowed from each address, with whatever headers.
def mended_throttle():
    app = forwarded_app()

    @app.before_request
    def refuse():
        if "X-Forwarded-For" in request.headers:
            abort(429)

    return app


# %% wrong: both counts
# says: nobody can add to another's
def mended_throttle():
    app, tries = forwarded_app(), Counter()
    limited = app.view_functions["login"]

    def login():
        tries[request.remote_addr] += 1
        if tries[request.remote_addr] > 5:
            return {"error": "too many tries"}, 429
        return limited()

    app.view_functions["login"] = login
    return app


# %% wrong: a right password gets through
# says: Look at the count before the password.
def mended_throttle():
    app, tries = create_app(), Counter()
    plain_login = app.view_functions["login"]

    def login():
        answer = plain_login()
        if not current_user.is_authenticated:
            tries[request.remote_addr] += 1
            if tries[request.remote_addr] > 5:
                return {"error": "too many tries"}, 429
        return answer

    app.view_functions["login"] = login
    return app


# %% wrong: patches the client
# says: Leave these alone
def mended_throttle():
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()
    return forwarded_app()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def mended_throttle():
    """Return the app of this exercise, without its mistake."""
    app, tries = create_app(), Counter()
    plain_login = app.view_functions["login"]

    def login():
        tries[request.remote_addr] += 1
        if tries[request.remote_addr] > 5:
            abort(429)
        print(plain_login())

    app.view_functions["login"] = login
    return app


# %% wrong: a second view beside the first
# says: Two views answer POST /login:
def mended_throttle():
    app, tries = create_app(), Counter()

    @app.post("/login")
    def counted():
        tries[request.remote_addr] += 1
        if tries[request.remote_addr] > 5:
            abort(429)
        return app.view_functions["login"]()

    return app


# %% right
def mended_throttle():
    app = create_app()
    plain_login = app.view_functions["login"]
    tries = Counter()

    def login():
        address = request.remote_addr
        tries[address] += 1
        if tries[address] > 5:
            return {"error": "too many tries"}, 429
        return plain_login()

    app.view_functions["login"] = login
    return app
