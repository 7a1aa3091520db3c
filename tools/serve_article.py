"""Run the article's app on the loopback address, with one user in it.

    python tools/serve_article.py --port 5000

The app keeps the article's flaws, and lets anyone in who knows them. So it is served on 127.0.0.1,
which no other machine can reach, and there is no option to change that. The database is embedded:
what is written ends with the process.
"""

import argparse
import secrets

from werkzeug.serving import make_server

from flasklogin_tutorial.steps.step06_logout_and_user_info import User, create_app
from flasklogin_tutorial.visit import LOOPBACK

WELCOME = """\
The article's app is running on {url} (this machine only). Stop it with Ctrl-C.
It has one user, made for this run:  ada, password {password}

Try, in another terminal:
  curl {url}/?name=ada
  curl -c cookies.txt {url}/login -H "Content-Type: application/json" \\
    -d '{{"username": "ada", "password": "{password}"}}'
  curl -b cookies.txt -X POST {url}/user_info
"""


def main() -> None:
    """Start the server and serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=5000, help="the port, 5000 if not given")
    arguments = parser.parse_args()
    app = create_app()
    server = make_server(LOOPBACK, arguments.port, app, threaded=True)
    password = secrets.token_urlsafe(9)
    User(name="ada", email="ada@example.org", password=password).save()
    print(WELCOME.format(url=f"http://{LOOPBACK}:{server.server_port}", password=password))
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print("Stopped.")


if __name__ == "__main__":
    main()
