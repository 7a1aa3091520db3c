"""Answers to exercise 17.3."""


# %% right
def test_look(app):
    def state():
        who = scanner.post("/user_info").get_json()["data"]
        return User.objects.get(name="ada").password, who

    scanner, ada, link = app.test_client(), app.test_client(), new_link(app)
    before = state()
    for verb in ("GET", "HEAD", "GET"):
        assert scanner.open(link, method=verb).status_code == 200
    assert state() == before
    ada.post(link, data={"password": "another"})
    assert User.objects.get(name="ada").password == "another"


# %% right
def test_look(app):
    for number, verbs in enumerate([["get", "get"], ["head"], ["get", "head", "get"]]):
        link, scanner = new_link(app), app.test_client()
        old = User.objects(name="ada").first().password
        for verb in verbs:
            answer = getattr(scanner, verb)(link)
            if not answer.status.startswith("200"):
                raise AssertionError("no page")
        assert "name" not in scanner.post("/user_info").text
        assert User.objects(name="ada").first().password == old
        app.test_client().post(link, data={"password": f"new {number}"})
        assert User.objects(name="ada").first().password == f"new {number}"


# %% wrong: empty
# says: Open the page with GET, and use the link afterwards
def test_look(app):
    pass


# %% wrong: only looks
# says: green on an app whose links do nothing
def test_look(app):
    scanner, link = app.test_client(), new_link(app)
    for look in (scanner.head, scanner.get, scanner.get):
        assert look(link).status_code == 200
    assert scanner.get(link).status_code == 200
    assert scanner.post("/user_info").json["result"] == 401
    assert User.objects(name="ada").first().password == "forgotten"


# %% wrong: only uses the link
# says: Open the page with GET
def test_look(app):
    link = new_link(app)
    app.test_client().post(link, data={"password": "another"})
    assert User.objects(name="ada").first().password == "another"


# %% wrong: looks once, with GET
# says: client.head(link)
def test_look(app):
    link, scanner = new_link(app), app.test_client()
    assert scanner.get(link).status_code == 200
    assert scanner.post("/user_info").json["result"] == 401
    assert User.objects(name="ada").first().password == "forgotten"
    scanner.post(link, data={"password": "another"})
    assert User.objects(name="ada").first().password == "another"


# %% wrong: looks once with each verb
# says: Look more than once
def test_look(app):
    link, scanner = new_link(app), app.test_client()
    assert scanner.head(link).status_code == 200
    assert scanner.get(link).status_code == 200
    assert scanner.post("/user_info").json["result"] == 401
    assert User.objects(name="ada").first().password == "forgotten"
    scanner.post(link, data={"password": "another"})
    assert User.objects(name="ada").first().password == "another"


# %% wrong: does not ask who the scanner is
# says: Is the scanner logged in afterwards
def test_look(app):
    link, scanner = new_link(app), app.test_client()
    for look in (scanner.head, scanner.get, scanner.get):
        assert look(link).status_code == 200
    assert User.objects(name="ada").first().password == "forgotten"
    app.test_client().post(link, data={"password": "another"})
    assert User.objects(name="ada").first().password == "another"


# %% wrong: asks another client who is logged in
# says: Is the scanner logged in afterwards
def test_look(app):
    link, scanner = new_link(app), app.test_client()
    for look in (scanner.head, scanner.get, scanner.get):
        assert look(link).status_code == 200
    assert app.test_client().post("/user_info").json["result"] == 401
    assert User.objects(name="ada").first().password == "forgotten"
    app.test_client().post(link, data={"password": "another"})
    assert User.objects(name="ada").first().password == "another"


# %% wrong: does not look what is stored before the use
# says: before the link is used: it has to be the old one
def test_look(app):
    link, scanner = new_link(app), app.test_client()
    for look in (scanner.head, scanner.get, scanner.get):
        assert look(link).status_code == 200
    assert scanner.post("/user_info").json["result"] == 401
    app.test_client().post(link, data={"password": "another"})
    assert User.objects(name="ada").first().password == "another"


# %% wrong: does not look at the status
# says: Whoever opens the link has to see the form
def test_look(app):
    link, scanner = new_link(app), app.test_client()
    for look in (scanner.head, scanner.get, scanner.get):
        look(link)
    assert scanner.post("/user_info").json["result"] == 401
    assert User.objects(name="ada").first().password == "forgotten"
    app.test_client().post(link, data={"password": "another"})
    assert User.objects(name="ada").first().password == "another"


# %% wrong: believes the answer of the use
# says: green on an app whose links do nothing
def test_look(app):
    link, scanner = new_link(app), app.test_client()
    for look in (scanner.head, scanner.get, scanner.get):
        assert look(link).status_code == 200
    assert scanner.post("/user_info").json["result"] == 401
    assert User.objects(name="ada").first().password == "forgotten"
    assert app.test_client().post(link, data={"password": "another"}).status_code == 200


# %% wrong: returns what it found
# says: A test says no with `assert`
def test_look(app):
    link = new_link(app)
    return app.test_client().get(link).status_code == 200


# %% wrong: expects a refusal
# says: the test is red
def test_look(app):
    link = new_link(app)
    app.test_client().get(link)
    assert app.test_client().post(link, data={"password": "another"}).status_code == 404
