"""Answers to exercise 15.3."""


# %% right
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


# %% right
def test_strangers(app, open_doors):
    from flasklogin_tutorial.visit import in_process

    doors = [
        (method, "/".join("1" if "<" in part else part for part in rule.rule.split("/")))
        for rule in app.url_map.iter_rules()
        for method in rule.methods
        if rule.endpoint not in open_doors and method not in ("HEAD", "OPTIONS")
    ]
    for method, path in doors:
        answer = in_process(app).request(method, path, allow_redirects=False)
        assert answer.status_code == 401


# %% wrong: empty
# says: no error: the test is green
def test_strangers(app, open_doors):
    pass


# %% wrong: the doors of today
# says: Is this door among those that your test asks?
def test_strangers(app, open_doors):
    for method in ("PUT", "POST", "DELETE"):
        assert app.test_client().open("/", method=method).status_code == 401
    assert app.test_client().get("/members/1").status_code == 401


# %% wrong: reads only
# says: a hole: POST /invite
def test_strangers(app, open_doors):
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in open_doors and "GET" in rule.methods:
            path = re.sub("<[^>]*>", "1", rule.rule)
            assert app.test_client().get(path).status_code == 401


# %% wrong: writes only
# says: a hole: GET /report
def test_strangers(app, open_doors):
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in open_doors:
            path = re.sub("<[^>]*>", "1", rule.rule)
            for method in rule.methods & {"PUT", "POST", "DELETE", "PATCH"}:
                assert app.test_client().open(path, method=method).status_code == 401


# %% wrong: one verb a door
# says: A door with two verbs is two doors
def test_strangers(app, open_doors):
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in open_doors:
            path = re.sub("<[^>]*>", "1", rule.rule)
            method = sorted(rule.methods - {"HEAD", "OPTIONS"})[0]
            assert app.test_client().open(path, method=method).status_code == 401


# %% wrong: leaves out paths with brackets
# says: a hole: GET /files/<int:number>
def test_strangers(app, open_doors):
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in open_doors and not rule.arguments:
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                answer = app.test_client().open(rule.rule, method=method)
                assert answer.status_code == 401


# %% wrong: asks for the brackets themselves
# says: A path with a bracket left in it leads nowhere
def test_strangers(app, open_doors):
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in open_doors:
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                answer = app.test_client().open(rule.rule, method=method)
                assert answer.status_code in (401, 404, 405)


# %% wrong: brackets at the end only
# says: A bracket may stand in the middle of a path
def test_strangers(app, open_doors):
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in open_doors:
            path = re.sub("<[^>]*>$", "1", rule.rule)
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                answer = app.test_client().open(path, method=method)
                assert answer.status_code in (401, 404)


# %% wrong: whatever is not 200 is a refusal
# says: Only 401 is a refusal; 500 is none
def test_strangers(app, open_doors):
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in open_doors:
            path = re.sub("<[^>]*>", "1", rule.rule)
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                assert app.test_client().open(path, method=method).status_code != 200


# %% wrong: whatever is below 500 and not 2xx is a refusal
# says: Only 401 is a refusal; 404 is none
def test_strangers(app, open_doors):
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in open_doors:
            path = re.sub("<[^>]*>", "1", rule.rule)
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                answer = app.test_client().open(path, method=method)
                assert 300 <= answer.status_code < 500


# %% wrong: a redirect is a refusal
# says: sends everybody to another page
def test_strangers(app, open_doors):
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in open_doors:
            path = re.sub("<[^>]*>", "1", rule.rule)
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                answer = app.test_client().open(path, method=method)
                assert answer.status_code in (301, 302, 401)


# %% wrong: follows redirects
# says: follows no redirect unless it is told to
def test_strangers(app, open_doors):
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in open_doors:
            path = re.sub("<[^>]*>", "1", rule.rule)
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                answer = app.test_client().open(path, method=method, follow_redirects=True)
                assert answer.status_code == 401


# %% wrong: compares beginnings of names
# says: Compare whole names
def test_strangers(app, open_doors):
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith(tuple(open_doors)):
            path = re.sub("<[^>]*>", "1", rule.rule)
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                answer = app.test_client().open(path, method=method)
                assert answer.status_code == 401


# %% wrong: the open doors of the example
# says: where /status is for everybody
def test_strangers(app, open_doors):
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in OPEN_DOORS:
            path = re.sub("<[^>]*>", "1", rule.rule)
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                answer = app.test_client().open(path, method=method)
                assert answer.status_code == 401


# %% wrong: asks with every verb
# says: the verbs HEAD and OPTIONS
def test_strangers(app, open_doors):
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in open_doors:
            path = re.sub("<[^>]*>", "1", rule.rule)
            for method in rule.methods:
                answer = app.test_client().open(path, method=method)
                assert answer.status_code == 401


# %% wrong: returns what it found
# says: pytest does not look at what a test returns
def test_strangers(app, open_doors):
    return all(
        app.test_client().open(rule.rule, method=method).status_code == 401
        for rule in app.url_map.iter_rules()
        for method in rule.methods
        if rule.endpoint not in open_doors
    )


# %% wrong: patches the client
# says: Leave these alone
def test_strangers(app, open_doors):
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()


# %% wrong: the two verbs as one text
# says: Leave out what is in open_doors, and the verbs HEAD and OPTIONS. Ask as a stranger.
def test_strangers(app, open_doors):
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in open_doors:
            path = re.sub("<[^>]*>", "1", rule.rule)
            for method in rule.methods - {"HEAD, OPTIONS"}:
                assert app.test_client().open(path, method=method).status_code == 401
