"""Answers to exercise 3.2."""


# %% right
def mend_member(member):
    member.is_active = property(member.is_active)


# %% right
def mend_member(member):
    def get(user):
        if user.closed:
            return False
        return True

    setattr(member, "is_active", property(get))
    return member


# %% wrong: empty
# says: is_active is still a function, and nobody calls it
def mend_member(member):
    pass


# %% wrong: a method again
# says: is_active is still a function, and nobody calls it
def mend_member(member):
    member.is_active = lambda self: not self.closed


# %% wrong: the method of the article
# says: came back: 200 OK {"logged_in":true}; expected: a JSON object with {"logged_in": false}
def mend_member(member):
    def is_active(self):
        return False if self.closed else True

    member.is_active = is_active
    return member


# %% wrong: written and not hung onto the class
# says: is_active is still a function
def mend_member(member):
    @property
    def is_active(self):
        return not self.closed


# %% wrong: the property of the notebook
# says: is_active has to be False for an account that is closed
def mend_member(member):
    member.is_active = property(lambda self: True)


# %% wrong: false for the whole class
# says: It has to look at `closed` of each user
def mend_member(member):
    member.is_active = False


# %% wrong: the wrong way round
# says: is_active has to be False for an account that is closed
def mend_member(member):
    member.is_active = property(lambda self: self.closed)


# %% wrong: no return in the property
# says: is_active has to be True for an account that is open
def mend_member(member):
    @property
    def is_active(self):
        not self.closed

    member.is_active = is_active


# %% wrong: calls the method at once
# says: missing 1 required positional argument: 'self'
def mend_member(member):
    member.is_active = property(member.is_active())


# %% wrong: closed is a field of the class
# says: for the whole class
def mend_member(member):
    member.is_active = not member.closed


# %% wrong: takes the member away
# says: is_active has to be False for an account that is closed
def mend_member(member):
    del member.is_active


# %% wrong: knows the example only
# says: whose account is closed; came back
def mend_member(member):
    member.is_active = property(lambda self: self.name != "ada")


# %% wrong: knows the names of the check
# says: {'password': 'pass of ada', 'username': 'ada'}, whose account is closed
def mend_member(member):
    member.is_active = property(lambda self: self.name != "grace")


# %% wrong: patches the client
# says: Leave these alone
def mend_member(member):
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()
