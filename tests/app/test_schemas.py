"""What the API takes: no input gets further than its schema, and none makes an error of its own."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from flasklogin_tutorial.app.models import User
from flasklogin_tutorial.app.schemas import ChangeInput, LoginInput, NameInput, RecordInput
from flasklogin_tutorial.visit import in_process

from .conftest import PAGE, PROPERTY, log_in, snapshot

#: Every text there is, lone surrogates and control characters too.
ANY_TEXT = st.text(st.characters(categories=None), max_size=80)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(ANY_TEXT, inside, max_size=3),
    max_leaves=8,
)
FIELDS = {
    "username": "ada",
    "name": "ada",
    "password": "analytical engine one",
    "current_password": "analytical engine one",
    "email": "ada@example.org",
    "remember": True,
}
#: What may hold any character.
TYPED = ("password", "current_password")
SCHEMAS = {
    "POST /login": LoginInput,
    "PUT /": RecordInput,
    "POST /": ChangeInput,
    "DELETE /": NameInput,
}
BAD = [
    None,
    True,
    5,
    -1.5,
    10**30,
    [],
    ["ada"],
    {},
    {"$ne": None},
    {"$regex": "^a"},
    "",
    " ",
    " ada",
    "ada ",
    "a  b",
    "a\tb",
    "a\nb",
    "a\x00b",
    "a\x7fb",
    "a\u200bb",
    "a\u202eb",
    "\ud800",
    "x" * 5000,
]


def inputs():
    """Objects that look a little like what the API takes, and any JSON at all."""
    near = st.fixed_dictionaries(
        {}, optional={name: st.just(value) | ANY_JSON for name, value in FIELDS.items()}
    )
    return near | ANY_JSON


@pytest.mark.parametrize("schema", SCHEMAS.values())
@settings(PROPERTY)
@given(body=inputs())
def test_a_schema_gives_clean_texts_or_names_the_fields(schema, body):
    try:
        loaded = schema().load(body)
    except ValidationError as error:
        assert error.messages_dict
        return
    assert loaded.keys() <= schema().fields.keys()
    for name, value in loaded.items():
        if name == "remember":
            assert isinstance(value, bool)
        else:
            assert isinstance(value, str)
            value.encode()  # no lone surrogate
            if name not in TYPED:
                assert value.isprintable()
                assert value == value.strip()
                assert 1 <= len(value) <= 254


@pytest.mark.parametrize("schema", SCHEMAS.values())
@pytest.mark.parametrize("value", BAD, ids=lambda value: ascii(value)[:30])
def test_every_field_refuses_what_is_no_decent_text(schema, value):
    decent = {name: FIELDS[name] for name in schema().fields}
    schema().load(decent)
    for name in decent:
        if name in TYPED and isinstance(value, str) and value not in ("", "\ud800", "x" * 5000):
            continue  # a password may hold any character
        if name == "remember" and isinstance(value, bool):
            continue
        with pytest.raises(ValidationError) as caught:
            schema().load(decent | {name: value})
        assert list(caught.value.messages_dict) == [name]


@pytest.mark.parametrize("schema", SCHEMAS.values())
@pytest.mark.parametrize(
    "extra", ["is_admin", "_id", "id", "password_hash", "login_epoch", "$where"]
)
def test_every_schema_refuses_a_field_that_it_does_not_name(schema, extra):
    decent = {name: FIELDS[name] for name in schema().fields}
    with pytest.raises(ValidationError) as caught:
        schema().load(decent | {extra: True})
    assert list(caught.value.messages_dict) == [extra]


def test_two_spellings_of_one_name_are_one_name():
    assert NameInput().load({"name": "Zoe\u0308"}) == NameInput().load({"name": "Zo\u00eb"})


@pytest.mark.parametrize(
    "email", ["ada", "ada@", "@example.org", "a b@example.org", "ada@example", "ada@exa mple.org"]
)
def test_an_email_address_that_cannot_be_one_is_refused(email):
    with pytest.raises(ValidationError):
        ChangeInput().load({"name": "ada", "email": email})


@pytest.mark.parametrize("call", SCHEMAS)
def test_no_body_makes_a_500_or_changes_anything_when_refused(app, call):
    method, path = call.split()
    browser = log_in(app, "bob")

    @settings(PROPERTY, max_examples=60)
    @given(body=inputs())
    def hammer(body):
        before = snapshot()
        target = in_process(app) if path == "/login" else browser
        answer = target.request(
            method, path, data=json.dumps(body), headers={"Content-Type": "application/json"}
        )
        assert answer.status_code in (200, 400, 401, 403, 404, 409, 422, 429), answer.text
        if answer.status_code != 200:
            assert answer.json()["status"] == answer.status_code
            assert snapshot() == before

    hammer()
    assert User.objects(name="ada").count() == 1


@settings(PROPERTY, max_examples=60)
@given(body=st.binary(max_size=200), kind=st.sampled_from(["application/json", "text/plain", ""]))
def test_no_bytes_make_a_500(app, body, kind):
    answer = in_process(app).post("/login", data=body, headers={"Content-Type": kind})
    assert answer.status_code in (400, 401, 415, 422, 429), answer.text


@settings(PROPERTY, max_examples=60)
@given(query=st.binary(max_size=60))
def test_no_query_makes_a_500(app, query):
    environ = {"QUERY_STRING": query.decode("latin-1")}
    answer = app.test_client().get("/", environ_overrides=environ, headers=PAGE)
    assert answer.status_code in (200, 302, 303, 400, 404, 422)
