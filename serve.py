#!/usr/bin/env python3
"""Lentigo's one command line: serve, build, check, test, bench. Run it with --help.

Needs nothing but Python 3.11 or newer and npm; the code is in `tooling/`.
"""

import sys

# Stands before the imports, which an older Python cannot read.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "Lentigo needs Python 3.11 or newer; this is %s.\n"  # noqa: UP031
        "  What to do: install it from https://www.python.org/downloads/ or your package "
        "manager, and run: python3.11 serve.py" % sys.version.split()[0]
    )

from tooling.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
