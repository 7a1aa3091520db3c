"""Answers to exercise 3.2."""


# %% right
def mended_member():
    member = broken_member()
    member.is_active = property(member.is_active)
    return member


# %% right
def mended_member():
    member = broken_member()

    def get(user):
        if user.closed:
            return False
        return True

    setattr(member, "is_active", property(get))
    return member


# %% wrong: empty
# says: Does the function end with `return Member`
def mended_member():
    pass


# %% wrong: a method again
# says: is_active is still a function, and nobody calls it
def mended_member():
    member = broken_member()
    member.is_active = lambda self: not self.closed
    return member


# %% wrong: the method of the article
# says: came back: 200 OK {"logged_in":true}; expected: a JSON object with {"logged_in": false}
def mended_member():
    member = broken_member()

    def is_active(self):
        return False if self.closed else True

    member.is_active = is_active
    return member


# %% wrong: written and not hung onto the class
# says: is_active is still a function
def mended_member():
    member = broken_member()

    @property
    def is_active(self):
        return not self.closed

    return member


# %% wrong: the property of the notebook
# says: is_active has to be False for an account that is closed
def mended_member():
    member = broken_member()
    member.is_active = property(lambda self: True)
    return member


# %% wrong: false for the whole class
# says: It has to look at `closed` of each user
def mended_member():
    member = broken_member()
    member.is_active = False
    return member


# %% wrong: the wrong way round
# says: is_active has to be False for an account that is closed
def mended_member():
    member = broken_member()
    member.is_active = property(lambda self: self.closed)
    return member


# %% wrong: no return in the property
# says: is_active has to be True for an account that is open
def mended_member():
    member = broken_member()

    @property
    def is_active(self):
        not self.closed

    member.is_active = is_active
    return member


# %% wrong: calls the method at once
# says: missing 1 required positional argument: 'self'
def mended_member():
    member = broken_member()
    member.is_active = property(member.is_active())
    return member


# %% wrong: closed is a field of the class
# says: for the whole class
def mended_member():
    member = broken_member()
    member.is_active = not member.closed
    return member


# %% wrong: takes the member away
# says: is_active has to be False for an account that is closed
def mended_member():
    member = broken_member()
    del member.is_active
    return member


# %% wrong: knows the example only
# says: whose account is closed; came back
def mended_member():
    member = broken_member()
    member.is_active = property(lambda self: self.name != "ada")
    return member


# %% wrong: knows the names of the check
# says: {'password': 'pass of ada', 'username': 'ada'}, whose account is closed
def mended_member():
    member = broken_member()
    member.is_active = property(lambda self: self.name != "grace")
    return member


# %% wrong: patches the client
# says: Leave these alone
def mended_member():
    member = broken_member()
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()
    return member


# %% wrong: an object in place of the class
# says: Does the function end with `return Member`, without brackets behind it?
def mended_member():
    member = broken_member()
    member.is_active = property(member.is_active)
    return member()


# %% wrong: the broken class
# says: is_active is still a function, and nobody calls it
def mended_member():
    return broken_member()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def mended_member():
    """Return the class of this exercise, without its mistake."""

    class Member(UserMixin, db.Document):
        name = db.StringField()
        password = db.StringField()
        closed = db.BooleanField(default=False)

        @property
        def is_active(self):
            print(not self.closed)

    return Member


# %% right
def mended_member():

    class Member(UserMixin, db.Document):
        name = db.StringField()
        password = db.StringField()
        closed = db.BooleanField(default=False)

        @property
        def is_active(self):
            return not self.closed

    return Member


# %% wrong: every new account is closed
# says: an account that nobody has closed is open
def mended_member():
    class Member(UserMixin, db.Document):
        name = db.StringField()
        password = db.StringField()
        closed = db.BooleanField(default=True)

        @property
        def is_active(self):
            return not self.closed

    return Member
