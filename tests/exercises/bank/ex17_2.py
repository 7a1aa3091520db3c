"""Answers to exercise 17.2."""


# %% right
def serializer_of(key, purpose, password_hash):
    import json

    return URLSafeTimedSerializer(key, salt=json.dumps([purpose, password_hash]))


# %% right
def serializer_of(key, purpose, password_hash):
    salt = "|".join([purpose, password_hash])
    return URLSafeTimedSerializer(secret_key=key, salt=salt.encode())


# %% wrong: empty
# says: Is `return` there?
def serializer_of(key, purpose, password_hash):
    pass


# %% wrong: makes it and does not return it
# says: Is `return` there?
def serializer_of(key, purpose, password_hash):
    URLSafeTimedSerializer(key, salt=f"{purpose}:{password_hash}")


# %% wrong: as in the notebook, with the key alone
# says: Nothing in the signature says what the token is for
def serializer_of(key, purpose, password_hash):
    return URLSafeTimedSerializer(key)


# %% wrong: the purpose alone
# says: The password has changed, and the token does not know
def serializer_of(key, purpose, password_hash):
    return URLSafeTimedSerializer(key, salt=purpose)


# %% wrong: the password alone
# says: Nothing in the signature says what the token is for
def serializer_of(key, purpose, password_hash):
    return URLSafeTimedSerializer(key, salt=password_hash)


# %% wrong: nothing between the two
# says: Both give one text
def serializer_of(key, purpose, password_hash):
    return URLSafeTimedSerializer(key, salt=purpose + password_hash)


# %% wrong: the beginning of the hash
# says: The password has changed, and the token does not know
def serializer_of(key, purpose, password_hash):
    return URLSafeTimedSerializer(key, salt=f"{purpose}:{password_hash[:20]}")


# %% wrong: signs without the key
# says: Whoever has no key could make such a token
def serializer_of(key, purpose, password_hash):
    return URLSafeTimedSerializer("reset", salt=f"{purpose}:{password_hash}")


# %% wrong: another serializer, without a time
# says: knows when a token was made
def serializer_of(key, purpose, password_hash):
    from itsdangerous import URLSafeSerializer

    return URLSafeSerializer(key, salt=f"{purpose}:{password_hash}")


# %% wrong: another salt each time
# says: Nothing has changed
def serializer_of(key, purpose, password_hash):
    import secrets

    return URLSafeTimedSerializer(key, salt=f"{purpose}:{password_hash}:{secrets.token_hex()}")


# %% wrong: returns a token
# says: knows when a token was made
def serializer_of(key, purpose, password_hash):
    return URLSafeTimedSerializer(key, salt=f"{purpose}:{password_hash}").dumps("ada")
