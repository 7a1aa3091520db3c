"""What the library raises."""


class WebAuthnException(Exception):
    """What all of them are."""


class InvalidRegistrationResponse(WebAuthnException):
    """A new passkey is refused."""


class InvalidAuthenticationResponse(WebAuthnException):
    """A login is refused."""


class InvalidJSONStructure(WebAuthnException):
    """An answer is not in the form of one."""


class InvalidAuthenticatorDataStructure(WebAuthnException):
    """What a key says of itself cannot be read."""


class InvalidPublicKeyStructure(WebAuthnException):
    """A public key cannot be read."""
