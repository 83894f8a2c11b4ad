"""What the page says beside the forms of what is kept: the reason, and a wait if there is one."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from app.words.en import MESSAGES
from tooling.layout import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = REPOSITORY.root / "js" / "page"
CATALOGUE = json.dumps({"language": "en", "messages": MESSAGES})
# The document: the catalogue, and lines beside forms.
PAGE = f"""
const lines = [];
globalThis.document = {{
  getElementById: () => ({{ textContent: {json.dumps(CATALOGUE)} }}),
  querySelectorAll: () => lines,
  addEventListener: () => {{}},
}};
console.info = () => {{}};
const told = await import('{(FOLDER / "told.js").as_uri()}');
const {{ saysWhatChanged }} = await import('{(FOLDER / "comparison.js").as_uri()}');
function form() {{
  const line = {{ textContent: '', className: 'note' }};
  lines.push(line);
  return {{ line, querySelector: () => line }};
}}
const named = (name) => Object.assign(new Error(), {{ name }});
const say = (value) => process.stdout.write(JSON.stringify(value));
"""


def run(folder: Path, script: str) -> Any:
    path = folder / "run.mjs"
    path.write_text(PAGE + script)
    done = subprocess.run(["node", path], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def test_a_wait_is_told_only_where_there_is_one(tmp_path: Path) -> None:
    script = """
say([
  [true, 0], [true, 4_900], [false, 1_000], [false, 800_000],
].map(([tried, wait_ms]) => told.whyNotUnlocked({ tried, wait_ms })));
"""
    first, wrong, second, long = run(tmp_path, script)
    assert first == "That is not the passcode. Try again."
    assert wrong == "That is not the passcode. Wait 5 seconds, then try again."
    assert second.startswith("This passcode was not tried")
    assert "Wait 1 second, then" in second
    assert "Wait 14 minutes, then" in long


def test_words_that_are_too_short_are_told_what_is_asked(tmp_path: Path) -> None:
    script = """
say(['WeakPasscode', 'Failed'].map((name) => told.whyNotTaken(named(name), 'otherwise')));
"""
    weak, otherwise = run(tmp_path, script)
    assert "at least 8 characters, or 4 words" in weak
    assert otherwise == "otherwise"


def test_a_fault_looks_like_one_until_something_else_is_done(tmp_path: Path) -> None:
    script = """
const [wrong, right] = [form(), form()];
told.tell(wrong, 'no', true);
told.tell(right, 'yes');
const before = structuredClone(lines);
told.hush();
say([before, lines]);
"""
    before, after = run(tmp_path, script)
    assert [line["textContent"] for line in before] == ["no", "yes"]
    assert [line["className"] for line in before] == ["notice notice-error", "note"]
    assert after == [{"textContent": "", "className": "note"}] * 2


def test_a_change_is_sent_only_with_its_kind(tmp_path: Path) -> None:
    script = """
function asked(isChanged, ...ticked) {
  const said = [];
  let listener;
  const kinds = ticked.map((checked) => ({
    checked,
    reportValidity() {},
    setCustomValidity: (text) => said.push(text),
  }));
  const sent = saysWhatChanged({
    querySelectorAll: () => kinds,
    querySelector: () => (isChanged ? {} : null),
    addEventListener: (_, does) => { listener = does; },
  });
  listener?.();
  return [sent, said];
}
say([asked(true, false, false), asked(true, false, true), asked(false, false, false)]);
"""
    assert run(tmp_path, script) == [
        [False, ["Tick what has changed.", ""]],
        [True, []],
        [True, []],
    ]
