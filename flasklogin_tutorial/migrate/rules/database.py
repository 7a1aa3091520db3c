"""Fields and settings of flask-mongoengine and PyMongo, as they were written once."""

import libcst as cst
import libcst.matchers as m

from flasklogin_tutorial.migrate.rules.rule import Rule, name_of, text_of

_MIN_MAX = ("min_value", "max_value")
_BASE = ("db_field", "required", "default", "unique", "unique_with", "primary_key")
_DOCUMENT = ("document_type",)

#: What the fields of MongoEngine call their first arguments. A test compares it with the package.
FIELDS = {
    "BinaryField": ("max_bytes",),
    "BooleanField": _BASE,
    "CachedReferenceField": ("document_type", "fields", "auto_sync"),
    "ComplexDateTimeField": ("separator",),
    "DateField": _BASE,
    "DateTimeField": _BASE,
    "DecimalField": (*_MIN_MAX, "force_string", "precision", "rounding"),
    "DictField": ("field",),
    "DynamicField": _BASE,
    "EmailField": ("domain_whitelist", "allow_utf8_user", "allow_ip_domain"),
    "EmbeddedDocumentField": _DOCUMENT,
    "EmbeddedDocumentListField": _DOCUMENT,
    "EnumField": ("enum",),
    "FileField": ("db_alias", "collection_name"),
    "FloatField": _MIN_MAX,
    "GenericEmbeddedDocumentField": _BASE,
    "GeoPointField": _BASE,
    "ImageField": ("size", "thumbnail_size", "collection_name"),
    "IntField": _MIN_MAX,
    "LazyReferenceField": ("document_type", "passthrough", "dbref", "reverse_delete_rule"),
    "ListField": ("field",),
    "LongField": _MIN_MAX,
    "MapField": ("field",),
    "ObjectIdField": _BASE,
    "ReferenceField": ("document_type", "dbref", "reverse_delete_rule"),
    "SequenceField": ("collection_name", "db_alias", "sequence_name", "value_decorator"),
    "SortedListField": ("field",),
    "StringField": ("regex", "max_length", "min_length"),
    "URLField": ("url_regex", "schemes"),
    "UUIDField": ("binary",),
}

#: What PyMongo 4 calls what PyMongo 3 called `ssl_…`.
_TLS = {
    "ssl_ca_certs": "tlsCAFile",
    "ssl_certfile": "tlsCertificateKeyFile",
    "ssl_keyfile": "tlsCertificateKeyFile, one file with both",
    "ssl_cert_reqs": "tlsAllowInvalidCertificates",
    "ssl_crlfile": "nothing: PyMongo reads no such list any more",
    "ssl_match_hostname": "tlsAllowInvalidHostnames",
    "ssl_pem_passphrase": "tlsCertificateKeyFilePassword",
}

_FLAT = {
    f"MONGODB_{name}"
    for name in ("DB", "HOST", "PORT", "USERNAME", "PASSWORD", "ALIAS", "CONNECT", "TZ_AWARE")
}


class PositionalFields(Rule):
    """Fields with arguments that have no names."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(module)
        #: What is called `db` here; a module of that name is MongoEngine itself, which takes both.
        self.engines = {"db"}
        for made in m.findall(module, m.Assign(value=m.Call(func=_ENGINE))):
            for target in cst.ensure_type(made, cst.Assign).targets:
                self.engines.add(name_of(target.target))

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        """Give each argument its name."""
        called = original_node.func
        if not isinstance(called, cst.Attribute) or name_of(called.value) not in self.engines:
            return updated_node
        parameters = FIELDS.get(called.attr.value)
        positional = [one for one in original_node.args if one.keyword is None and one.star != "**"]
        if parameters is None or not positional:
            return updated_node
        if any(one.star for one in positional) or len(positional) > len(parameters):
            self.note("positional-field", original_node)
            return updated_node
        named = [
            _with_name(argument, name) if argument.keyword is None else argument
            for argument, name in zip(
                updated_node.args, [*parameters, *("" for _ in updated_node.args)], strict=False
            )
        ]
        new = updated_node.with_changes(args=named)
        self.note("positional-field", original_node, new)
        return new


_ENGINE = m.Name("MongoEngine") | m.Attribute(attr=m.Name("MongoEngine"))


def _with_name(argument: cst.Arg, name: str) -> cst.Arg:
    bare = cst.SimpleWhitespace("")
    equal = cst.AssignEqual(whitespace_before=bare, whitespace_after=bare)
    return argument.with_changes(keyword=cst.Name(name), equal=equal)


class Settings(Rule):
    """Settings of the connection."""

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        """Note an address of mongomock."""
        if (text_of(node) or "").startswith("mongomock://"):
            self.note("mongomock-address", node)

    def visit_DictElement(self, node: cst.DictElement) -> None:
        """Note a key that means something else today, or nothing."""
        self._look(node, text_of(node.key) or "", node.value)

    def visit_Arg(self, node: cst.Arg) -> None:
        """Note the same where it is written as an argument."""
        if node.keyword is not None:
            self._look(node, node.keyword.value, node.value)

    def _look(self, node: cst.CSTNode, key: str, value: cst.BaseExpression) -> None:
        key = key.lower()
        if key == "is_mock":
            self.note("mongomock-address", node)
        elif key in _TLS:
            self.note("old-ssl-settings", node, _TLS[key], fixed=False)
        elif key == "connect" and name_of(value) == "False":
            self.note("connect-false", node)

    def visit_Subscript(self, node: cst.Subscript) -> None:
        """Note a setting of its own in `app.config`."""
        [element, *_] = node.slice
        index = element.slice
        if isinstance(index, cst.Index) and name_of(node.value).endswith("config"):
            self._look_flat(node, text_of(index.value) or "")

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:
        """Note the same in a class or a file of settings."""
        if isinstance(node.target, cst.Name):
            self._look_flat(node, node.target.value)

    def _look_flat(self, node: cst.CSTNode, name: str) -> None:
        if name in _FLAT:
            self.note("flat-mongodb-settings", node, old=name)
