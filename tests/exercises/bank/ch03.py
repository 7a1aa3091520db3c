"""Answers to the exercises of notebook 03."""

from . import answers
from .ch04 import PATCHES_THE_CLIENT

answers(
    "3.1",
    right=[
        """
        def owner_of(cookies):
            try:
                return User.objects.get(id=read_session(cookies)["_user_id"])
            except (TypeError, KeyError, User.DoesNotExist):
                return None
        """,
        """
        def owner_of(cookies):
            said = read_session(cookies)
            if said:
                for user in User.objects:
                    if user.get_id() == said.get("_user_id"):
                        return user
        """,
    ],
    wrong={
        "empty": (
            """
            def owner_of(cookies):
                pass
            """,
            "came back: nothing; expected: the user ada",
        ),
        "the id and not the user": (
            """
            def owner_of(cookies):
                said = read_session(cookies) or {}
                return said.get("_user_id")
            """,
            "expected: the user ada",
        ),
        "the line of the notebook": (
            """
            def owner_of(cookies):
                said = read_session(cookies)
                return said["_user_id"] == str(User.objects(name="ada").first().id)
            """,
            "came back: True; expected: the user ada",
        ),
        "the fingerprint and not the id": (
            """
            def owner_of(cookies):
                said = read_session(cookies) or {}
                return User.objects(id=said.get("_id")).first()
            """,
            "is not a valid ObjectId",
        ),
        "right for the first user only": (
            """
            def owner_of(cookies):
                if "_user_id" in (read_session(cookies) or {}):
                    return User.objects.first()
            """,
            "came back: the user ada; expected: the user grace",
        ),
        "no cookie": (
            """
            def owner_of(cookies):
                said = read_session(cookies)
                return User.objects(id=said["_user_id"]).first()
            """,
            "expected: None. There is no cookie.",
        ),
        "looks for the cookie only": (
            """
            def owner_of(cookies):
                if "session" not in cookies:
                    return None
                said = read_session(cookies)
                return User.objects(id=said["_user_id"]).first()
            """,
            "and no _user_id: nobody has logged in",
        ),
        "a cookie that is none": (
            """
            def owner_of(cookies):
                if "session" not in cookies:
                    return None
                said = read_session(cookies)
                if "_user_id" in said:
                    return User.objects(id=said["_user_id"]).first()
            """,
            "This cookie cannot be read",
        ),
        "a user who was deleted": (
            """
            def owner_of(cookies):
                said = read_session(cookies) or {}
                if "_user_id" in said:
                    return User.objects.get(id=said["_user_id"])
            """,
            "DoesNotExist",
        ),
        "a new user for everybody": (
            """
            def owner_of(cookies):
                said = read_session(cookies) or {}
                return User.objects(id=said.get("_user_id")).first() or User()
            """,
            "expected: None; look at: There is no cookie",
        ),
    },
)

answers(
    "3.2",
    right=[
        """
        def mend_member(member):
            member.is_active = property(member.is_active)
        """,
        """
        def mend_member(member):
            def get(user):
                if user.closed:
                    return False
                return True
            setattr(member, "is_active", property(get))
            return member
        """,
    ],
    wrong={
        "empty": (
            """
            def mend_member(member):
                pass
            """,
            "is_active is still a function, and nobody calls it",
        ),
        "a method again": (
            """
            def mend_member(member):
                member.is_active = lambda self: not self.closed
            """,
            "is_active is still a function, and nobody calls it",
        ),
        "the method of the article": (
            """
            def mend_member(member):
                def is_active(self):
                    return False if self.closed else True
                member.is_active = is_active
                return member
            """,
            'came back: 200 OK {"logged_in":true}; expected: a JSON object with '
            '{"logged_in": false}',
        ),
        "written and not hung onto the class": (
            """
            def mend_member(member):
                @property
                def is_active(self):
                    return not self.closed
            """,
            "is_active is still a function",
        ),
        "the property of the notebook": (
            """
            def mend_member(member):
                member.is_active = property(lambda self: True)
            """,
            "is_active has to be False for an account that is closed",
        ),
        "false for the whole class": (
            """
            def mend_member(member):
                member.is_active = False
            """,
            "It has to look at `closed` of each user",
        ),
        "the wrong way round": (
            """
            def mend_member(member):
                member.is_active = property(lambda self: self.closed)
            """,
            "is_active has to be False for an account that is closed",
        ),
        "no return in the property": (
            """
            def mend_member(member):
                @property
                def is_active(self):
                    not self.closed
                member.is_active = is_active
            """,
            "is_active has to be True for an account that is open",
        ),
        "calls the method at once": (
            """
            def mend_member(member):
                member.is_active = property(member.is_active())
            """,
            "missing 1 required positional argument: 'self'",
        ),
        "closed is a field of the class": (
            """
            def mend_member(member):
                member.is_active = not member.closed
            """,
            "for the whole class",
        ),
        "takes the member away": (
            """
            def mend_member(member):
                del member.is_active
            """,
            "is_active has to be False for an account that is closed",
        ),
        "knows the example only": (
            """
            def mend_member(member):
                member.is_active = property(lambda self: self.name != "ada")
            """,
            "whose account is closed; came back",
        ),
        "knows the names of the check": (
            """
            def mend_member(member):
                member.is_active = property(lambda self: self.name != "grace")
            """,
            "{'password': 'pass of ada', 'username': 'ada'}, whose account is closed",
        ),
        "patches the client": (
            f"""
            def mend_member(member):
                {PATCHES_THE_CLIENT.strip().replace(chr(10), chr(10) + " " * 12)}
            """,
            "Leave these alone",
        ),
    },
)

answers(
    "3.3",
    right=[
        """
        def login_or_refuse():
            sent = request.get_json()
            account = Account.objects(name=sent["username"]).first()
            if account is None or account.password != sent["password"]:
                return {"reason": "Username or Password Error"}, 401
            if account.closed:
                return {"reason": "closed"}, 403
            login_user(account)
            return account.public()
        """,
        """
        def login_or_refuse():
            from flask import abort
            info = json.loads(request.data)
            found = Account.objects(name=info["username"], password=info["password"])
            for account in found:
                done = login_user(account)
                return jsonify(account.public()) if done else abort(403)
            abort(401)
        """,
    ],
    wrong={
        "empty": (
            """
            def login_or_refuse():
                pass
            """,
            "did not return a valid response",
        ),
        "the view of the course": (
            """
            def login_or_refuse():
                info = json.loads(request.data)
                username = info.get("username", "guest")
                password = info.get("password", "")
                user = Account.objects(name=username, password=password).first()
                if user is None:
                    return jsonify(status=401, reason="Username or Password Error")
                login_user(user)
                return jsonify(user.public())
            """,
            "A wrong password is refused, and the status says so",
        ),
        "throws the answer away": (
            """
            def login_or_refuse():
                info = json.loads(request.data)
                wanted = {"name": info["username"], "password": info["password"]}
                account = Account.objects(**wanted).first()
                if account is None:
                    return jsonify(reason="Username or Password Error"), 401
                login_user(account)
                return jsonify(account.public())
            """,
            "Does the view ask it, and look at what it gives?",
        ),
        "forces the login": (
            """
            def login_or_refuse():
                info = json.loads(request.data)
                wanted = {"name": info["username"], "password": info["password"]}
                account = Account.objects(**wanted).first()
                if account is None:
                    return jsonify(reason="Username or Password Error"), 401
                login_user(account, force=True)
                if not account.is_active:
                    return jsonify(reason="This account is closed"), 403
                return jsonify(account.public())
            """,
            "force=True does not",
        ),
        "asks for the account before the password": (
            """
            def login_or_refuse():
                info = json.loads(request.data)
                account = Account.objects(name=info["username"]).first()
                if account is not None and account.closed:
                    return jsonify(reason="This account is closed"), 403
                if account is None or account.password != info["password"]:
                    return jsonify(reason="Username or Password Error"), 401
                login_user(account)
                return jsonify(account.public())
            """,
            "Only who knows the password may learn that the account is closed",
        ),
        "shows the record with the refusal": (
            """
            def login_or_refuse():
                info = json.loads(request.data)
                wanted = {"name": info["username"], "password": info["password"]}
                account = Account.objects(**wanted).first()
                if account is None:
                    return jsonify(reason="Username or Password Error"), 401
                if not login_user(account):
                    return jsonify(account.public()), 403
                return jsonify(account.public())
            """,
            "so nobody gets the record",
        ),
        "the wrong way round": (
            """
            def login_or_refuse():
                info = json.loads(request.data)
                wanted = {"name": info["username"], "password": info["password"]}
                account = Account.objects(**wanted).first()
                if account is None:
                    return jsonify(reason="Username or Password Error"), 401
                if login_user(account):
                    return jsonify(reason="This account is closed"), 403
                return jsonify(account.public())
            """,
            "login_user(account) gives False here",
        ),
        "401 for both": (
            """
            def login_or_refuse():
                info = json.loads(request.data)
                wanted = {"name": info["username"], "password": info["password"]}
                account = Account.objects(**wanted).first()
                if account is None or not login_user(account):
                    return jsonify(reason="Username or Password Error"), 401
                return jsonify(account.public())
            """,
            "expected: 403 Forbidden",
        ),
        "nobody is logged in": (
            """
            def login_or_refuse():
                info = json.loads(request.data)
                wanted = {"name": info["username"], "password": info["password"]}
                account = Account.objects(**wanted).first()
                if account is None:
                    return jsonify(reason="Username or Password Error"), 401
                if account.closed:
                    return jsonify(reason="This account is closed"), 403
                return jsonify(account.public())
            """,
            "Is login_user(account) called?",
        ),
        "looks only for open accounts": (
            """
            def login_or_refuse():
                info = json.loads(request.data)
                wanted = {"name": info["username"], "password": info["password"]}
                account = Account.objects(closed=False, **wanted).first()
                if account is None:
                    return jsonify(reason="Username or Password Error"), 401
                login_user(account)
                return jsonify(account.public())
            """,
            "expected: 403 Forbidden",
        ),
        "calls is_active": (
            """
            def login_or_refuse():
                info = json.loads(request.data)
                wanted = {"name": info["username"], "password": info["password"]}
                account = Account.objects(**wanted).first()
                if account is None:
                    return jsonify(reason="Username or Password Error"), 401
                if not account.is_active():
                    return jsonify(reason="This account is closed"), 403
                login_user(account)
                return jsonify(account.public())
            """,
            "'bool' object is not callable",
        ),
        "knows the names of the check": (
            """
            def login_or_refuse():
                info = json.loads(request.data)
                wanted = {"name": info["username"], "password": info["password"]}
                account = Account.objects(**wanted).first()
                if account is None:
                    return jsonify(reason="Username or Password Error"), 401
                if account.name == "grace":
                    return jsonify(reason="This account is closed"), 403
                login_user(account)
                return jsonify(account.public())
            """,
            "login_user(account) gives False here",
        ),
    },
)
