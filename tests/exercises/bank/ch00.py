"""Answers to the exercises of notebook 00."""

from . import answers
from .ch04 import PATCHES_THE_CLIENT

answers(
    "0.1",
    right=[
        """
        def refuse_deletes(app):
            from flask import abort

            @app.before_request
            def look_at_the_verb():
                if request.method == "DELETE":
                    abort(403)
        """,
        """
        def refuse_deletes(app):
            def no():
                answer = jsonify(error="no")
                answer.status_code = 403
                return answer
            app.view_functions |= {"delete_record": no}
            return app
        """,
    ],
    wrong={
        "empty": (
            """
            def refuse_deletes(app):
                pass
            """,
            "DELETE answered 200, and the record is gone",
        ),
        "the line of the notebook": (
            """
            def refuse_deletes(app):
                app.view_functions["delete_record"] = lambda: {"name": "nobody"}
            """,
            "Programs look at the status",
        ),
        "the status in the body": (
            """
            def refuse_deletes(app):
                app.view_functions["delete_record"] = lambda: {"error": "no", "status": 403}
            """,
            "expected: 403 Forbidden",
        ),
        "deletes and then refuses": (
            """
            def refuse_deletes(app):
                view = app.view_functions["delete_record"]
                def refuse():
                    view()
                    return {"error": "no"}, 403
                app.view_functions["delete_record"] = refuse
            """,
            "DELETE answered 403, and the record is gone",
        ),
        "refuses everything": (
            """
            def refuse_deletes(app):
                for name in app.view_functions:
                    app.view_functions[name] = lambda: ({"error": "no"}, 403)
            """,
            "The exercise is about DELETE alone",
        ),
        "refuses POST too": (
            """
            def refuse_deletes(app):
                for name in ("delete_record", "update_record"):
                    app.view_functions[name] = lambda: ({"error": "no"}, 403)
            """,
            "after a POST with a new e-mail address",
        ),
        "protects Ada only": (
            """
            def refuse_deletes(app):
                view = app.view_functions["delete_record"]
                def refuse():
                    if json.loads(request.data)["name"] == "ada":
                        return {"error": "no"}, 403
                    return view()
                app.view_functions["delete_record"] = refuse
            """,
            "GET /?name=grace",
        ),
        "the answer and not a view": (
            """
            def refuse_deletes(app):
                app.view_functions["delete_record"] = {"error": "no"}, 403
            """,
            "'tuple' object is not callable",
        ),
        "returns nothing": (
            """
            def refuse_deletes(app):
                def refuse():
                    {"error": "no"}, 403
                app.view_functions["delete_record"] = refuse
            """,
            "did not return a valid response",
        ),
        "patches the client": (
            f"""
            def refuse_deletes(app):
                {PATCHES_THE_CLIENT.strip().replace(chr(10), chr(10) + " " * 12)}
            """,
            "Leave these alone",
        ),
    },
)

answers(
    "0.2",
    right=[
        """
        def changes_data(operations):
            for text in operations:
                name = text.split()[0].partition(".")[2]
                if name in ("insert_one", "update_one", "delete_many"):
                    return True
            return False
        """,
        """
        def changes_data(operations):
            reads = [text for text in operations if text.split(" ")[0] == "user.find"]
            return len(reads) < len(operations)
        """,
    ],
    wrong={
        "empty": (
            """
            def changes_data(operations):
                pass
            """,
            "came back: None; expected: True",
        ),
        "always": (
            """
            def changes_data(operations):
                return True
            """,
            "Looking for a record changes none",
        ),
        "never": (
            """
            def changes_data(operations):
                return False
            """,
            "A new record is a change too",
        ),
        "knows the delete of the notebook only": (
            """
            def changes_data(operations):
                return any("delete" in text for text in operations)
            """,
            "A new record is a change too",
        ),
        "more than one operation": (
            """
            def changes_data(operations):
                return len(operations) > 1
            """,
            "A new record is a change too",
        ),
        "looks into the data": (
            """
            def changes_data(operations):
                words = ("insert", "update", "delete")
                return any(word in text for text in operations for word in words)
            """,
            "What stands in braces is data, no operation",
        ),
        "takes data for a find": (
            """
            def changes_data(operations):
                return any("user.find" not in text for text in operations)
            """,
            "Its name is 'user.find'",
        ),
        "the first operation only": (
            """
            def changes_data(operations):
                return bool(operations) and "user.find" not in operations[0]
            """,
            "This was POST",
        ),
        "one operation too many is asked for": (
            """
            def changes_data(operations):
                return not operations[-1].startswith("user.find")
            """,
            "changes_data([]); came back: IndexError",
        ),
        "the text and not the answer": (
            """
            def changes_data(operations):
                return [text for text in operations if not text.startswith("user.find")]
            """,
            "expected: True",
        ),
    },
)

answers(
    "0.3",
    right=[
        """
        def delete_if_allowed():
            sent = request.get_json()
            user = User.objects(name=sent["name"]).first()
            if not user:
                return {"error": "data not found"}
            if sent.get("password") == user.password:
                user.delete()
                return user.public()
            return {"error": "that is not the password"}, 403
        """,
        """
        def delete_if_allowed():
            from flask import abort
            record = json.loads(request.data)
            user = User.objects(name=record["name"]).first()
            if user is None:
                return jsonify(error="data not found")
            if "password" not in record or record["password"] != user.password:
                abort(403)
            shown = user.public()
            User.objects(id=user.id).delete()
            return jsonify(shown)
        """,
    ],
    wrong={
        "empty": (
            """
            def delete_if_allowed():
                pass
            """,
            "did not return a valid response",
        ),
        "the broken view": (
            """
            def delete_if_allowed():
                return broken_app().view_functions["delete_record"]()
            """,
            "The view deletes before it asks, or does not ask",
        ),
        "the view of the notebook": (
            """
            def delete_if_allowed():
                record = json.loads(request.data)
                user = User.objects(name=record["name"]).first()
                if user is None:
                    return jsonify(error="data not found")
                user.delete()
                return jsonify(user.public())
            """,
            "The answer to {} was 200",
        ),
        "refuses everybody": (
            """
            def delete_if_allowed():
                return {"error": "wrong password"}, 403
            """,
            'expected: a JSON object with {"error": "data not found"}',
        ),
        "refuses the owner too": (
            """
            def delete_if_allowed():
                user = User.objects(name=json.loads(request.data)["name"]).first()
                if user is None:
                    return jsonify(error="data not found")
                return {"error": "wrong password"}, 403
            """,
            "This is the password of ada",
        ),
        "deletes nothing": (
            """
            def delete_if_allowed():
                record = json.loads(request.data)
                user = User.objects(name=record["name"]).first()
                if user is None:
                    return jsonify(error="data not found")
                if user.password != record.get("password"):
                    return jsonify(error="wrong password"), 403
                return jsonify(user.public())
            """,
            "ada sent the right password, so the record is to be deleted",
        ),
        "refuses in the body only": (
            """
            def delete_if_allowed():
                record = json.loads(request.data)
                user = User.objects(name=record["name"]).first()
                if user is None:
                    return jsonify(error="data not found")
                if user.password != record.get("password"):
                    return jsonify(error="wrong password", status=403)
                user.delete()
                return jsonify(user.public())
            """,
            "and the status says so",
        ),
        "asks whether there is a password": (
            """
            def delete_if_allowed():
                record = json.loads(request.data)
                user = User.objects(name=record["name"]).first()
                if user is None:
                    return jsonify(error="data not found")
                if "password" not in record:
                    return jsonify(error="wrong password"), 403
                user.delete()
                return jsonify(user.public())
            """,
            'The answer to {"password": "a guess"} was 200',
        ),
        "takes any user's password": (
            """
            def delete_if_allowed():
                record = json.loads(request.data)
                user = User.objects(name=record["name"]).first()
                if user is None:
                    return jsonify(error="data not found")
                if User.objects(password=record.get("password", "")).first() is None:
                    return jsonify(error="wrong password"), 403
                user.delete()
                return jsonify(user.public())
            """,
            'The answer to {"password": "pass of grace"} was 200',
        ),
        "knows the example only": (
            """
            def delete_if_allowed():
                record = json.loads(request.data)
                user = User.objects(name=record["name"]).first()
                if user is None:
                    return jsonify(error="data not found")
                if record.get("password") != "lovelace":
                    return jsonify(error="wrong password"), 403
                user.delete()
                return jsonify(user.public())
            """,
            "DELETE / {'name': 'ada', 'password': 'pass of ada'}",
        ),
        "shows the password": (
            """
            def delete_if_allowed():
                record = json.loads(request.data)
                user = User.objects(name=record["name"]).first()
                if user is None:
                    return jsonify(error="data not found")
                if user.password != record.get("password"):
                    return jsonify(error="wrong password"), 403
                user.delete()
                return jsonify(record)
            """,
            "Answer with user.public()",
        ),
        "crashes without a password": (
            """
            def delete_if_allowed():
                record = json.loads(request.data)
                user = User.objects(name=record["name"]).first()
                if user is None:
                    return jsonify(error="data not found")
                if user.password != record["password"]:
                    return jsonify(error="wrong password"), 403
                user.delete()
                return jsonify(user.public())
            """,
            "came back: 500 Internal Server Error: KeyError: 'password'",
        ),
    },
)
