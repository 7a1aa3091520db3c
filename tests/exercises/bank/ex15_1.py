"""Answers to exercise 15.1."""


# %% right
def test_change(app):
    def change(client, email):
        status = client.post("/", json={"name": "ada", "email": email}).status_code
        return status, User.objects.get(name="ada").email

    old = User.objects.get(name="ada").email
    assert change(open_client(app), "a@example.org") == (401, old)
    assert change(open_client(app, "grace"), "b@example.org") == (403, old)
    assert change(open_client(app, "cy"), "c@example.org") == (200, "c@example.org")
    assert change(open_client(app, "ada"), "d@example.org") == (200, "d@example.org")


# %% right
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


# %% wrong: empty
# says: no error: the test is green
def test_change(app):
    pass


# %% wrong: lets the right one in only
# says: Let grace try, and expect 403
def test_change(app):
    body = {"name": "ada", "email": "new@example.org"}
    assert open_client(app, "ada").post("/", json=body).status_code == 200
    assert User.objects.get(name="ada").email == "new@example.org"


# %% wrong: turns grace away only
# says: open_client(app) is a stranger
def test_change(app):
    body = {"name": "ada", "email": "new@example.org"}
    assert open_client(app, "grace").post("/", json=body).status_code == 403


# %% wrong: refusals only
# says: green on an app that refuses everybody
def test_change(app):
    for who, status in [(None, 401), ("grace", 403)]:
        body = {"name": "ada", "email": "new@example.org"}
        assert open_client(app, who).post("/", json=body).status_code == status
        assert User.objects.get(name="ada").email == "ada@example.org"


# %% wrong: forgets the administrator
# says: Let cy try
def test_change(app):
    for who, status in [(None, 401), ("grace", 403), ("ada", 200)]:
        body = {"name": "ada", "email": f"{who}@example.com"}
        assert open_client(app, who).post("/", json=body).status_code == status
        stored = User.objects.get(name="ada").email
        assert (stored == body["email"]) == (status == 200)


# %% wrong: looks at the status only
# says: A status says what the app claims
def test_change(app):
    body = {"name": "ada", "email": "new@example.org"}
    for who, status in [(None, 401), ("grace", 403), ("ada", 200), ("cy", 200)]:
        assert open_client(app, who).post("/", json=body).status_code == status


# %% wrong: looks at the end only
# says: tells grace 403, and changes Ada's address
def test_change(app):
    for who, status in [(None, 401), ("grace", 403), ("cy", 200), ("ada", 200)]:
        body = {"name": "ada", "email": f"{who}@example.com"}
        assert open_client(app, who).post("/", json=body).status_code == status
    assert User.objects.get(name="ada").email == "ada@example.com"


# %% wrong: believes what Ada is shown
# says: tells Ada 200, and changes nothing
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


# %% wrong: looks at what is stored only
# says: Look at the status as well
def test_change(app):
    for who, may in [(None, False), ("grace", False), ("ada", True), ("cy", True)]:
        body = {"name": "ada", "email": f"{who}@example.com"}
        open_client(app, who).post("/", json=body)
        assert (User.objects.get(name="ada").email == body["email"]) == may


# %% wrong: one address for all
# says: Send another address each time
def test_change(app):
    for who, status in [(None, 401), ("grace", 403), ("ada", 200), ("cy", 200)]:
        body = {"name": "ada", "email": "new@example.com"}
        assert open_client(app, who).post("/", json=body).status_code == status
        stored = User.objects.get(name="ada").email
        assert (stored == "new@example.com") == (status == 200)


# %% wrong: any refusal will do
# says: 401 says: log in first
def test_change(app):
    for who, may in [(None, False), ("grace", False), ("ada", True), ("cy", True)]:
        body = {"name": "ada", "email": f"{who}@example.com"}
        answer = open_client(app, who).post("/", json=body)
        assert (answer.status_code == 200) == may
        assert (User.objects.get(name="ada").email == body["email"]) == may


# %% wrong: the test of the notebook
# says: the test is green: this app keeps the rule
def test_change(app):
    for who, status in [(None, 401), ("grace", 403), ("ada", 200), ("cy", 200)]:
        answer = open_client(app, who).delete("/", json={"name": "ada"})
        assert answer.status_code == status


# %% wrong: says no by its value
# says: A test says no with `assert`
def test_change(app):
    body = {"name": "ada", "email": "new@example.org"}
    return open_client(app, "grace").post("/", json=body).status_code == 403


# %% wrong: always red
# says: the test is red: AssertionError: somebody may change Ada
def test_change(app):
    assert False, "somebody may change Ada"


# %% wrong: fails pytest's own way, always
# says: the test is red: Failed: not sure
def test_change(app):
    import pytest

    pytest.fail("not sure")


# %% wrong: one status for all who are refused
# says: a stranger gets 401 and grace 403
def test_change(app):
    for who in (None, "grace"):
        body = {"name": "ada", "email": "new@example.org"}
        assert open_client(app, who).post("/", json=body).status_code == 403


# %% wrong: the list of results and not the one
# says: This is a list of results, also where it has one. first() takes one document out, or
#     gives None.
def test_change(app):
    """Fail unless Ada and administrators can change her address, and nobody else."""
    for who, status in [(None, 401), ("grace", 403), ("ada", 200), ("cy", 200)]:
        change = {"name": "ada", "email": f"by-{who}@example.org"}
        answer = open_client(app, who).post("/", json=change)
        assert answer.status_code == status
        stored = User.objects(name="ada").email
        assert (stored == change["email"]) == (status == 200)


# %% wrong: the answer to another exercise, in this cell
# says: write the function test_change
def mended_clients(app):
    """Make ada and grace, and yield a function that opens test clients."""
    with app.app_context():
        for name in ("ada", "grace"):
            accounts.create(name, f"{name}@example.org", PASSWORD)

    def open_for(name=None):
        client = app.test_client()
        if name is not None:
            client.post("/login", json={"username": name, "password": PASSWORD})
        return client

    yield open_for
