"""The OpenAPI document says what the API takes and answers."""

import pytest

from flasklogin_tutorial.app.openapi import describe_api

from .conftest import MAIL, populate

PATHS = {"/", "/login", "/login/code", "/logout", "/user_info", "/healthz", "/openapi.json"}

#: What there is in an app that sends mail, beside that.
BY_MAIL = {"/forgot", "/reset", "/confirm"}
OF_REGISTRATION = {"/register", "/welcome"}


@pytest.fixture(
    params=[{}, MAIL, MAIL | {"REGISTRATION": True}],
    ids=["without mail", "with mail", "with registration"],
)
def app(request, make_app):
    return populate(make_app(**request.param))


@pytest.fixture
def document(app):
    return describe_api(app)


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_it_is_served(app, stranger, document):
    assert stranger.get("/openapi.json").json() == document


def test_every_route_of_the_api_is_in_it_and_nothing_else(app, document):
    described = {(path, method.upper()) for path, method, _ in operations(document)}
    routed = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.split(".")[0] in {"records", "auth", "service", "by_mail", "registration"}
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert described == routed
    there = PATHS | (BY_MAIL if app.config["MAIL_SERVER"] else set())
    there |= OF_REGISTRATION if app.config["REGISTRATION"] else set()
    assert set(document["paths"]) == there


def test_every_reference_leads_somewhere(document):
    def walk(part):
        if isinstance(part, dict):
            if "$ref" in part:
                kind, name = part["$ref"].removeprefix("#/components/").split("/")
                assert name in document["components"][kind]
            for inside in part.values():
                walk(inside)
        elif isinstance(part, list):
            for inside in part:
                walk(inside)

    walk(document)


def test_inputs_take_no_other_fields_and_say_their_limits(document):
    schemas = document["components"]["schemas"]
    assert schemas["RecordInput"]["additionalProperties"] is False
    assert schemas["RecordInput"]["required"] == ["email", "name", "password"]
    assert schemas["RecordInput"]["properties"]["name"]["maxLength"] == 64


def test_no_answer_has_a_field_for_a_password(document):
    for name in ("PublicRecord", "Record", "UserInfo", "Problem"):
        assert "password" not in str(document["components"]["schemas"][name])


def test_every_refusal_has_the_one_shape(document):
    for _, _, operation in operations(document):
        for status, answer in operation["responses"].items():
            if status >= "400":
                schema = answer["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Problem"}


def test_refusals_that_say_when_or_how_document_their_header(document):
    for path, method, operation in operations(document):
        for status, header in (("401", "WWW-Authenticate"), ("429", "Retry-After")):
            if status in operation["responses"]:
                assert header in operation["responses"][status]["headers"], (path, method)
