"""The commands of `serve.py` and their options."""

import argparse
import os
import subprocess
import sys
import webbrowser
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tooling import assets, checks, imprint, site
from tooling.checkout_lock import checkout_lock
from tooling.chromium import VARIABLE, find_chromium
from tooling.distribution import build_site, place_for_build
from tooling.engines import missing_engines
from tooling.environment import ensure_test_environment
from tooling.errors import ToolingError
from tooling.layout import REPOSITORY, Layout
from tooling.node import Node, find_node, install_packages
from tooling.peers import ensure_peers, wanted_by
from tooling.progress import Progress, say, speak_anywhere
from tooling.server import Hosting, open_server
from tooling.system_errors import explained

COMMANDS = ("serve", "build", "check", "test", "bench", "lock", "files")


def main(arguments: Sequence[str], layout: Layout = REPOSITORY) -> int:
    """Run one command; returns the exit status."""
    speak_anywhere()
    arguments = list(arguments)
    if not arguments or arguments[0] not in (*COMMANDS, "-h", "--help"):
        arguments.insert(0, "serve")
    options, rest = _parser().parse_known_args(arguments)
    if rest and options.command not in ("test", "bench"):
        _parser().error(f"unknown arguments: {' '.join(rest)}")
    try:
        return _run(options, rest, layout)
    except ToolingError as error:
        say(f"\nerror: {error}")
        return 1
    except BrokenPipeError:  # nobody reads on
        return 1
    except OSError as error:
        say(f"\nerror: {explained(error)}")
        return 1
    except KeyboardInterrupt:
        say()
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="serve.py", description="Lentigo's one command line.")
    commands = parser.add_subparsers(dest="command", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--assets",
        type=Path,
        metavar="DIR",
        help="take the vendored files from this copy of a vendor/ folder, and from nowhere else",
    )

    serve = commands.add_parser(
        "serve", parents=[shared], help="prepare everything, serve the page, open the browser"
    )
    serve.add_argument("--port", type=int, default=8000, help="0 takes any free port")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--no-open", action="store_true", help="do not open the browser")
    serve.add_argument(
        "--isolated", action="store_true", help="send the cross-origin isolation headers"
    )

    build = commands.add_parser(
        "build", parents=[shared], help="write a folder that any static host can serve"
    )
    build.add_argument("--out", type=Path, default=Path("dist"))
    build.add_argument(
        imprint.OPTION,
        metavar="URL",
        help="where the makers are reached, for the page; default: what GitHub's or GitLab's "
        "runner says, else the page names no address",
    )
    build.add_argument(
        "--brotli",
        action="store_true",
        help="write copies for hosts that send x.br for x; takes a minute more",
    )

    commands.add_parser(
        "check",
        parents=[shared],
        help="what can be checked without a browser, in under a minute",
        description="Linter, types, and the unit and contract tests that take no long time. "
        "Needs no browser.",
    )
    commands.add_parser(
        "test",
        parents=[shared],
        allow_abbrev=False,
        usage="serve.py test [-h] [--assets DIR] [pytest arguments ...]",
        help="run all checks and tests; further arguments go to pytest",
        description="Linter, types, and every test: unit, contract, browser, each with its time.",
        epilog="Further arguments go to pytest and choose the tests: serve.py test -k camera, "
        "serve.py test tests/unit.",
    )
    commands.add_parser(
        "bench",
        parents=[shared],
        allow_abbrev=False,
        usage="serve.py bench [-h] [--assets DIR] [bench arguments ...]",
        help="measure; further arguments go to tests.bench",
    )
    commands.add_parser("lock", help="after a version was changed: rewrite vendor.lock.json")
    commands.add_parser(
        "files",
        help="rewrite the [files] table of pyscript.toml, and the words of scripts in pages",
    )
    return parser


def _run(options: argparse.Namespace, rest: list[str], layout: Layout) -> int:
    match options.command:
        case "serve":
            return _serve(options, layout)
        case "build":
            # Both before the long preparation.
            place_for_build(layout, options.out)
            told = imprint.imprint_of(layout, options.source, os.environ)
            with checkout_lock(layout):
                assets.prepare(layout, source=options.assets)
                build_site(layout, options.out, told, brotli=options.brotli)
            return 0
        case "check":
            return _check(options.assets, layout)
        case "test":
            return _test(options.assets, rest, layout)
        case "bench":
            return _bench(options.assets, rest, layout)
        case "lock":
            assets.relock(layout)
            return 0
        case _:
            changed = site.regenerate_python_files(layout.root)
            say(f"{site.PYSCRIPT_CONFIG}: [files] {'written' if changed else 'is right as it is'}")
            # It imports the page's own code, which nothing else here needs.
            from tooling.documents import page_words  # noqa: PLC0415

            written = page_words.regenerate(layout.root)
            for page in page_words.PAGES:
                say(f"{page}: words {'written' if page in written else 'are right as they are'}")
            return 0


def _serve(options: argparse.Namespace, layout: Layout) -> int:
    hosting = Hosting(layout.root, isolated=options.isolated)
    # Before the long preparation, which a wrong host or port would make vain.
    server, wanted = open_server(hosting, options.host, options.port)
    with server:
        assets.prepare(layout, source=options.assets)
        _warn_of_stale_files(layout)
        if not wanted:
            say(f"Port {options.port} is busy; taking {server.server_port}.")
        if options.host not in ("127.0.0.1", "::1", "localhost"):
            say("Note: browsers give a page the camera only on localhost or over HTTPS.")
        say("Lentigo is served here (Ctrl-C ends):")
        say(server.url)
        if not options.no_open:
            _open_browser(server.url)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("\nStopped.")
    return 0


def _check(source: Path | None, layout: Layout) -> int:
    with checkout_lock(layout):
        progress = Progress(total=2)
        python, node = _prepare_programs(layout, progress)
        assets.prepare(layout, source=source, with_tests=True)
    _warn_of_stale_files(layout)
    plan = checks.quick_plan(layout, python, node)
    return 0 if checks.run_checks(layout, plan, node.environment()) else 1


def _test(source: Path | None, rest: list[str], layout: Layout) -> int:
    python, node, chromium = _test_tools(layout, source)
    say("Firefox and WebKit …")
    left_out = missing_engines(say)
    _warn_of_stale_files(layout)
    chosen = [part for part in rest if part != "--"]
    plan = replace(checks.full_plan(layout, python, node, chosen), left_out=left_out)
    environment = {**node.environment(), VARIABLE: str(chromium)}
    return 0 if checks.run_checks(layout, plan, environment) else 1


def _bench(source: Path | None, rest: list[str], layout: Layout) -> int:
    python, node, chromium = _test_tools(layout, source)
    if wanted_by(rest):
        progress = Progress(total=1)
        progress.step("Other runtimes to compare with …")
        with checkout_lock(layout):
            ensure_peers(layout, progress.note)
    ours = {VARIABLE: str(chromium), "PYTHONPATH": str(layout.root / "py")}
    environment = {**os.environ, **node.environment(), **ours}
    return subprocess.run(
        [str(python), "-m", "tests.bench", *rest],
        cwd=layout.root,
        env=environment,
        check=False,
    ).returncode


def _test_tools(layout: Layout, source: Path | None) -> tuple[Path, Node, Path]:
    """Return the test environment's Python, a Node.js and a Chromium, with vendor/ filled."""
    with checkout_lock(layout):
        progress = Progress(total=3)
        python, node = _prepare_programs(layout, progress)
        progress.step("Chromium …")
        chromium, origin = find_chromium(python, progress.note)
        progress.note(f"{chromium} ({origin})")
        assets.prepare(layout, source=source, with_tests=True)
    return python, node, chromium


def _prepare_programs(layout: Layout, progress: Progress) -> tuple[Path, Node]:
    """Return the test environment's Python and a Node.js with the npm packages: two steps."""
    progress.step("Python environment .venv …")
    python, made = ensure_test_environment(layout)
    progress.note("made from requirements-test.txt" if made else "already there, ok")
    progress.step("npm packages …")
    node = find_node(layout)
    installed = install_packages(layout, node, with_tests=True)
    progress.note(
        f"installed (npm from {node.origin})" if installed else "already there, ok (package-lock)"
    )
    return python, node


def _warn_of_stale_files(layout: Layout) -> None:
    wrong = site.stale_python_files(layout.root)
    if wrong:
        more = f"; and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        say(f"Warning: [files] of {site.PYSCRIPT_CONFIG} is stale: {'; '.join(wrong[:3])}{more}")
        say("  What to do: python3 serve.py files")


def _open_browser(url: str) -> None:
    """Open the page, except where only a text browser in this terminal could."""
    has_screen = (
        sys.platform in ("win32", "darwin")
        or bool(os.environ.get("DISPLAY"))
        or bool(os.environ.get("WAYLAND_DISPLAY"))
    )
    try:
        opened = has_screen and webbrowser.open(url)
    except (webbrowser.Error, OSError):
        opened = False
    if not opened:
        say("No browser could be opened from here; open the address above yourself.")
