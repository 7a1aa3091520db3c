"""Read by every Python that is started while the tests run on a server: see stand_in."""

import stand_in

stand_in.install()
