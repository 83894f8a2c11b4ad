"""The words that scripts show, as a block of data in each page: `python3 serve.py files`.

Scripts must speak before anything is fetched, so what they say of the catalogue (`py/app/words`)
stands in the page itself, in a `<script type="application/json" id="words">` that nothing runs.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tooling.layout import REPOSITORY

sys.path.insert(0, str(REPOSITORY.root / "py"))

from app.words.catalogue import ENGLISH
from app.words.en import MESSAGES

# Each page and its scripts, as folders or files.
PAGES = {"index.html": ("js/page",), "lab.html": ("js/lab", "js/page/first.js")}
# What the formatter itself asks for.
OF_THE_FORMATTER = ("number.percent", "number.percent.under", "number.percent.over")

_BLOCK = re.compile(r'<script type="application/json" id="words">.*?</script>\n?', re.DOTALL)
_FIRST_SCRIPT = '<script src="js/page/first.js"></script>'
_CALL = re.compile(r"\bwords\(([^),]*)")
_KEY = re.compile(r"'([a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+)'")
_FAULT = re.compile(r"new Fault\('\w+', '([a-z-]+)'")


def script_keys(text: str, root: Path) -> set[str]:
    """Return the keys that a script asks for; `error.${…}` is any fault that scripts throw."""
    calls = _CALL.findall(text)
    found = {key for call in calls for key in _KEY.findall(call)}
    if any("`error.${" in call for call in calls):
        found |= {f"error.{fault}" for fault in faults(root)}
    return found


def faults(root: Path) -> set[str]:
    """Return every fault that a script throws for Python or the Lab to put into words."""
    return {
        fault
        for path in sorted((root / "js").rglob("*.js"))
        for fault in _FAULT.findall(path.read_text(encoding="utf-8"))
    }


def block(root: Path, page: str) -> str:
    """Return the block of a page, one message a line, in the order of the catalogue."""
    asked = set(OF_THE_FORMATTER)
    for script in _scripts(root, page):
        asked |= script_keys(script.read_text(encoding="utf-8"), root)
    said = {key: message for key, message in MESSAGES.items() if key in asked}
    data = json.dumps({"language": ENGLISH.tag, "messages": said}, ensure_ascii=False, indent=0)
    # No message can end the block.
    data = data.replace("<", "\\u003c")
    return f'<script type="application/json" id="words">\n{data}\n</script>\n'


def _scripts(root: Path, page: str) -> Iterator[Path]:
    for name in PAGES[page]:
        path = root / name
        yield from sorted(path.rglob("*.js")) if path.is_dir() else (path,)


def with_words(html: str, words: str) -> str:
    """Return a page with its block replaced, or put before the first script."""
    return _BLOCK.sub("", html).replace(_FIRST_SCRIPT, words + _FIRST_SCRIPT)


def regenerate(root: Path) -> list[str]:
    """Rewrite the blocks; return the pages that changed."""
    changed = []
    for page in PAGES:
        path = root / page
        before = path.read_text(encoding="utf-8")
        after = with_words(before, block(root, page))
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed.append(page)
    return changed
