"""Answers to the exercises of notebook 15."""

from . import answers
from .ch04 import PATCHES_THE_CLIENT

answers(
    "15.1",
    right=[
        """
        def test_change(app):
            def change(client, email):
                status = client.post("/", json={"name": "ada", "email": email}).status_code
                return status, User.objects.get(name="ada").email

            old = User.objects.get(name="ada").email
            assert change(open_client(app), "a@example.org") == (401, old)
            assert change(open_client(app, "grace"), "b@example.org") == (403, old)
            assert change(open_client(app, "cy"), "c@example.org") == (200, "c@example.org")
            assert change(open_client(app, "ada"), "d@example.org") == (200, "d@example.org")
        """,
        """
        def test_change(app):
            def address():
                return open_client(app, "cy").get("/?name=ada").json["email"]

            body = {"name": "ada", "email": "hers@example.org"}
            if open_client(app, "ada").post("/", json=body).status_code != 200:
                raise AssertionError("ada may")
            assert address() == "hers@example.org"
            for who, status in {"grace": 403, None: 401}.items():
                body["email"] = "theirs@example.org"
                assert open_client(app, who).post("/", json=body).status_code == status
                assert address() == "hers@example.org"
            assert open_client(app, "cy").post("/", json=body).status_code == 200
            assert address() == "theirs@example.org"
        """,
    ],
    wrong={
        "empty": (
            """
            def test_change(app):
                pass
            """,
            "no error: the test is green",
        ),
        "lets the right one in only": (
            """
            def test_change(app):
                body = {"name": "ada", "email": "new@example.org"}
                assert open_client(app, "ada").post("/", json=body).status_code == 200
                assert User.objects.get(name="ada").email == "new@example.org"
            """,
            "Let grace try, and expect 403",
        ),
        "turns grace away only": (
            """
            def test_change(app):
                body = {"name": "ada", "email": "new@example.org"}
                assert open_client(app, "grace").post("/", json=body).status_code == 403
            """,
            "open_client(app) is a stranger",
        ),
        "refusals only": (
            """
            def test_change(app):
                for who, status in [(None, 401), ("grace", 403)]:
                    body = {"name": "ada", "email": "new@example.org"}
                    assert open_client(app, who).post("/", json=body).status_code == status
                    assert User.objects.get(name="ada").email == "ada@example.org"
            """,
            "green on an app that refuses everybody",
        ),
        "forgets the administrator": (
            """
            def test_change(app):
                for who, status in [(None, 401), ("grace", 403), ("ada", 200)]:
                    body = {"name": "ada", "email": f"{who}@example.com"}
                    assert open_client(app, who).post("/", json=body).status_code == status
                    stored = User.objects.get(name="ada").email
                    assert (stored == body["email"]) == (status == 200)
            """,
            "Let cy try",
        ),
        "looks at the status only": (
            """
            def test_change(app):
                body = {"name": "ada", "email": "new@example.org"}
                for who, status in [(None, 401), ("grace", 403), ("ada", 200), ("cy", 200)]:
                    assert open_client(app, who).post("/", json=body).status_code == status
            """,
            "A status says what the app claims",
        ),
        "looks at the end only": (
            """
            def test_change(app):
                for who, status in [(None, 401), ("grace", 403), ("cy", 200), ("ada", 200)]:
                    body = {"name": "ada", "email": f"{who}@example.com"}
                    assert open_client(app, who).post("/", json=body).status_code == status
                assert User.objects.get(name="ada").email == "ada@example.com"
            """,
            "tells grace 403, and changes Ada's address",
        ),
        "believes what Ada is shown": (
            """
            def test_change(app):
                for who, status in [(None, 401), ("grace", 403), ("ada", 200), ("cy", 200)]:
                    body = {"name": "ada", "email": f"{who}@example.com"}
                    old = User.objects.get(name="ada").email
                    answer = open_client(app, who).post("/", json=body)
                    assert answer.status_code == status
                    if status == 200:
                        assert answer.json["email"] == body["email"]
                    else:
                        assert User.objects.get(name="ada").email == old
            """,
            "tells Ada 200, and changes nothing",
        ),
        "looks at what is stored only": (
            """
            def test_change(app):
                for who, may in [(None, False), ("grace", False), ("ada", True), ("cy", True)]:
                    body = {"name": "ada", "email": f"{who}@example.com"}
                    open_client(app, who).post("/", json=body)
                    assert (User.objects.get(name="ada").email == body["email"]) == may
            """,
            "Look at the status as well",
        ),
        "one address for all": (
            """
            def test_change(app):
                for who, status in [(None, 401), ("grace", 403), ("ada", 200), ("cy", 200)]:
                    body = {"name": "ada", "email": "new@example.com"}
                    assert open_client(app, who).post("/", json=body).status_code == status
                    stored = User.objects.get(name="ada").email
                    assert (stored == "new@example.com") == (status == 200)
            """,
            "Send another address each time",
        ),
        "any refusal will do": (
            """
            def test_change(app):
                for who, may in [(None, False), ("grace", False), ("ada", True), ("cy", True)]:
                    body = {"name": "ada", "email": f"{who}@example.com"}
                    answer = open_client(app, who).post("/", json=body)
                    assert (answer.status_code == 200) == may
                    assert (User.objects.get(name="ada").email == body["email"]) == may
            """,
            "401 says: log in first",
        ),
        "the test of the notebook": (
            """
            def test_change(app):
                for who, status in [(None, 401), ("grace", 403), ("ada", 200), ("cy", 200)]:
                    answer = open_client(app, who).delete("/", json={"name": "ada"})
                    assert answer.status_code == status
            """,
            "the test is green: this app keeps the rule",
        ),
        "says no by its value": (
            """
            def test_change(app):
                body = {"name": "ada", "email": "new@example.org"}
                return open_client(app, "grace").post("/", json=body).status_code == 403
            """,
            "A test says no with `assert`",
        ),
        "always red": (
            """
            def test_change(app):
                assert False, "somebody may change Ada"
            """,
            "the test is red: AssertionError: somebody may change Ada",
        ),
        "fails pytest's own way, always": (
            """
            def test_change(app):
                import pytest
                pytest.fail("not sure")
            """,
            "the test is red: Failed: not sure",
        ),
        "one status for all who are refused": (
            """
            def test_change(app):
                for who in (None, "grace"):
                    body = {"name": "ada", "email": "new@example.org"}
                    assert open_client(app, who).post("/", json=body).status_code == 403
            """,
            "a stranger gets 401 and grace 403",
        ),
    },
)

answers(
    "15.2",
    right=[
        """
        def mended_clients(app):
            for name in ("ada", "grace"):
                with app.app_context():
                    accounts.create(name, f"{name}@example.org", PASSWORD)
            yield lambda name=None: open_client(app, name)
        """,
        """
        def mended_clients(app):
            from flasklogin_tutorial.lab import add_user

            for name in ("ada", "grace"):
                add_user(app, name, PASSWORD)

            def open_for(name=None):
                client = app.test_client()
                if name:
                    answer = client.post("/login", json={"username": name, "password": PASSWORD})
                    assert answer.json["name"] == name
                return client

            yield open_for
        """,
        """
        def mended_clients(app):
            context = app.app_context()
            context.push()
            accounts.create("ada", "ada@example.org", PASSWORD)
            accounts.create("grace", "grace@example.org", PASSWORD)
            context.pop()

            def open_for(name=None):
                return open_client(app, name)

            return open_for
        """,
    ],
    wrong={
        "empty": (
            """
            def mended_clients(app):
                pass
            """,
            "it yields the function that opens clients",
        ),
        "the broken fixture": (
            """
            def mended_clients(app):
                yield from held_clients(app)
            """,
            "Print flask.has_app_context() behind your yield.",
        ),
        "no context at all": (
            """
            def mended_clients(app):
                for name in ("ada", "grace"):
                    accounts.create(name, f"{name}@example.org", PASSWORD)
                yield lambda name=None: open_client(app, name)
            """,
            "open one around it, and around it alone",
        ),
        "the yield is still inside": (
            """
            def mended_clients(app):
                def open_for(name=None):
                    return open_client(app, name)

                with app.app_context():
                    for name in ("ada", "grace"):
                        accounts.create(name, f"{name}@example.org", PASSWORD)
                    yield open_for
            """,
            "In it, all requests share one g, and one user",
        ),
        "pushed and never popped": (
            """
            def mended_clients(app):
                app.app_context().push()
                for name in ("ada", "grace"):
                    accounts.create(name, f"{name}@example.org", PASSWORD)
                yield lambda name=None: open_client(app, name)
            """,
            "In it, all requests share one g, and one user",
        ),
        "sweeps g before each client": (
            """
            def mended_clients(app):
                from flask import g

                with app.app_context():
                    for name in ("ada", "grace"):
                        accounts.create(name, f"{name}@example.org", PASSWORD)

                    def open_for(name=None):
                        g.pop("_login_user", None)
                        return open_client(app, name)

                    yield open_for
            """,
            "In it, all requests share one g, and one user",
        ),
        "the short way in": (
            """
            def mended_clients(app):
                from flask_login import FlaskLoginClient

                app.test_client_class = FlaskLoginClient
                with app.app_context():
                    for name in ("ada", "grace"):
                        accounts.create(name, f"{name}@example.org", PASSWORD)

                def open_for(name=None):
                    if name is None:
                        return app.test_client()
                    return app.test_client(user=User.objects(name=name).first())

                yield open_for
            """,
            "She comes in by POST /login",
        ),
        "one client for all": (
            """
            def mended_clients(app):
                with app.app_context():
                    for name in ("ada", "grace"):
                        accounts.create(name, f"{name}@example.org", PASSWORD)
                client = app.test_client()

                def open_for(name=None):
                    if name is not None:
                        client.post("/login", json={"username": name, "password": PASSWORD})
                    return client

                yield open_for
            """,
            "a stranger's client",
        ),
        "a client for each name, kept": (
            """
            def mended_clients(app):
                from functools import cache

                with app.app_context():
                    for name in ("ada", "grace"):
                        accounts.create(name, f"{name}@example.org", PASSWORD)

                yield cache(lambda name=None: open_client(app, name))
            """,
            "/user_info, with ada's second client, after a logout in her first; came back: 401",
        ),
        "with the decorator": (
            """
            import pytest

            @pytest.fixture
            def mended_clients(app):
                with app.app_context():
                    for name in ("ada", "grace"):
                        accounts.create(name, f"{name}@example.org", PASSWORD)
                yield lambda name=None: open_client(app, name)
            """,
            "Leave the decorator @pytest.fixture out here",
        ),
        "yields clients and no function": (
            """
            def mended_clients(app):
                with app.app_context():
                    for name in ("ada", "grace"):
                        accounts.create(name, f"{name}@example.org", PASSWORD)
                yield {"ada": open_client(app, "ada"), "grace": open_client(app, "grace")}
            """,
            "Does the fixture end with `yield open_for`?",
        ),
        "the function returns nothing": (
            """
            def mended_clients(app):
                with app.app_context():
                    for name in ("ada", "grace"):
                        accounts.create(name, f"{name}@example.org", PASSWORD)

                def open_for(name=None):
                    open_client(app, name)

                yield open_for
            """,
            "app.test_client() makes one. Is it returned?",
        ),
    },
)

answers(
    "15.3",
    right=[
        """
        def test_strangers(app, open_doors):
            stranger, let_in = app.test_client(), []
            for rule in app.url_map.iter_rules():
                if rule.endpoint in open_doors:
                    continue
                _, path = rule.build(dict.fromkeys(rule.arguments, 1))
                for method in set(rule.methods) - {"HEAD", "OPTIONS"}:
                    if stranger.open(path, method=method).status_code != 401:
                        let_in.append((method, path))
            assert let_in == []
        """,
        """
        def test_strangers(app, open_doors):
            from flasklogin_tutorial.visit.client import in_process

            doors = [
                (method, "/".join("1" if "<" in part else part for part in rule.rule.split("/")))
                for rule in app.url_map.iter_rules()
                for method in rule.methods
                if rule.endpoint not in open_doors and method not in ("HEAD", "OPTIONS")
            ]
            for method, path in doors:
                answer = in_process(app).request(method, path, allow_redirects=False)
                assert answer.status_code == 401
        """,
    ],
    wrong={
        "empty": (
            """
            def test_strangers(app, open_doors):
                pass
            """,
            "no error: the test is green",
        ),
        "the doors of today": (
            """
            def test_strangers(app, open_doors):
                for method in ("PUT", "POST", "DELETE"):
                    assert app.test_client().open("/", method=method).status_code == 401
                assert app.test_client().get("/members/1").status_code == 401
            """,
            "Is this door among those that your test asks?",
        ),
        "reads only": (
            """
            def test_strangers(app, open_doors):
                for rule in app.url_map.iter_rules():
                    if rule.endpoint not in open_doors and "GET" in rule.methods:
                        path = re.sub("<[^>]*>", "1", rule.rule)
                        assert app.test_client().get(path).status_code == 401
            """,
            "a hole: POST /invite",
        ),
        "writes only": (
            """
            def test_strangers(app, open_doors):
                for rule in app.url_map.iter_rules():
                    if rule.endpoint not in open_doors:
                        path = re.sub("<[^>]*>", "1", rule.rule)
                        for method in rule.methods & {"PUT", "POST", "DELETE", "PATCH"}:
                            assert app.test_client().open(path, method=method).status_code == 401
            """,
            "a hole: GET /report",
        ),
        "one verb a door": (
            """
            def test_strangers(app, open_doors):
                for rule in app.url_map.iter_rules():
                    if rule.endpoint not in open_doors:
                        path = re.sub("<[^>]*>", "1", rule.rule)
                        method = sorted(rule.methods - {"HEAD", "OPTIONS"})[0]
                        assert app.test_client().open(path, method=method).status_code == 401
            """,
            "A door with two verbs is two doors",
        ),
        "leaves out paths with brackets": (
            """
            def test_strangers(app, open_doors):
                for rule in app.url_map.iter_rules():
                    if rule.endpoint not in open_doors and not rule.arguments:
                        for method in rule.methods - {"HEAD", "OPTIONS"}:
                            answer = app.test_client().open(rule.rule, method=method)
                            assert answer.status_code == 401
            """,
            "a hole: GET /files/<int:number>",
        ),
        "asks for the brackets themselves": (
            """
            def test_strangers(app, open_doors):
                for rule in app.url_map.iter_rules():
                    if rule.endpoint not in open_doors:
                        for method in rule.methods - {"HEAD", "OPTIONS"}:
                            answer = app.test_client().open(rule.rule, method=method)
                            assert answer.status_code in (401, 404, 405)
            """,
            "A path with a bracket left in it leads nowhere",
        ),
        "brackets at the end only": (
            """
            def test_strangers(app, open_doors):
                for rule in app.url_map.iter_rules():
                    if rule.endpoint not in open_doors:
                        path = re.sub("<[^>]*>$", "1", rule.rule)
                        for method in rule.methods - {"HEAD", "OPTIONS"}:
                            answer = app.test_client().open(path, method=method)
                            assert answer.status_code in (401, 404)
            """,
            "A bracket may stand in the middle of a path",
        ),
        "whatever is not 200 is a refusal": (
            """
            def test_strangers(app, open_doors):
                for rule in app.url_map.iter_rules():
                    if rule.endpoint not in open_doors:
                        path = re.sub("<[^>]*>", "1", rule.rule)
                        for method in rule.methods - {"HEAD", "OPTIONS"}:
                            assert app.test_client().open(path, method=method).status_code != 200
            """,
            "Only 401 is a refusal; 500 is none",
        ),
        "whatever is below 500 and not 2xx is a refusal": (
            """
            def test_strangers(app, open_doors):
                for rule in app.url_map.iter_rules():
                    if rule.endpoint not in open_doors:
                        path = re.sub("<[^>]*>", "1", rule.rule)
                        for method in rule.methods - {"HEAD", "OPTIONS"}:
                            answer = app.test_client().open(path, method=method)
                            assert 300 <= answer.status_code < 500
            """,
            "Only 401 is a refusal; 404 is none",
        ),
        "a redirect is a refusal": (
            """
            def test_strangers(app, open_doors):
                for rule in app.url_map.iter_rules():
                    if rule.endpoint not in open_doors:
                        path = re.sub("<[^>]*>", "1", rule.rule)
                        for method in rule.methods - {"HEAD", "OPTIONS"}:
                            answer = app.test_client().open(path, method=method)
                            assert answer.status_code in (301, 302, 401)
            """,
            "sends everybody to another page",
        ),
        "follows redirects": (
            """
            def test_strangers(app, open_doors):
                for rule in app.url_map.iter_rules():
                    if rule.endpoint not in open_doors:
                        path = re.sub("<[^>]*>", "1", rule.rule)
                        for method in rule.methods - {"HEAD", "OPTIONS"}:
                            answer = app.test_client().open(
                                path, method=method, follow_redirects=True
                            )
                            assert answer.status_code == 401
            """,
            "follows no redirect unless it is told to",
        ),
        "compares beginnings of names": (
            """
            def test_strangers(app, open_doors):
                for rule in app.url_map.iter_rules():
                    if not rule.endpoint.startswith(tuple(open_doors)):
                        path = re.sub("<[^>]*>", "1", rule.rule)
                        for method in rule.methods - {"HEAD", "OPTIONS"}:
                            answer = app.test_client().open(path, method=method)
                            assert answer.status_code == 401
            """,
            "Compare whole names",
        ),
        "the open doors of the example": (
            """
            def test_strangers(app, open_doors):
                for rule in app.url_map.iter_rules():
                    if rule.endpoint not in OPEN_DOORS:
                        path = re.sub("<[^>]*>", "1", rule.rule)
                        for method in rule.methods - {"HEAD", "OPTIONS"}:
                            answer = app.test_client().open(path, method=method)
                            assert answer.status_code == 401
            """,
            "where /status is for everybody",
        ),
        "asks with every verb": (
            """
            def test_strangers(app, open_doors):
                for rule in app.url_map.iter_rules():
                    if rule.endpoint not in open_doors:
                        path = re.sub("<[^>]*>", "1", rule.rule)
                        for method in rule.methods:
                            answer = app.test_client().open(path, method=method)
                            assert answer.status_code == 401
            """,
            "the verbs HEAD and OPTIONS",
        ),
        "returns what it found": (
            """
            def test_strangers(app, open_doors):
                return all(
                    app.test_client().open(rule.rule, method=method).status_code == 401
                    for rule in app.url_map.iter_rules()
                    for method in rule.methods
                    if rule.endpoint not in open_doors
                )
            """,
            "pytest does not look at what a test returns",
        ),
        "patches the client": (
            f"""
            def test_strangers(app, open_doors):
                {PATCHES_THE_CLIENT.strip().replace(chr(10), chr(10) + " " * 12)}
            """,
            "Leave these alone",
        ),
    },
)
