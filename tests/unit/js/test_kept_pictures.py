"""Which pictures that are kept are read, and that none stands under another one's name."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from tooling.layout import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

PICTURES = (REPOSITORY.root / "js" / "page" / "kept-pictures.js").as_uri()
# The document, and an observer whose images come into view when the test says so.
PAGE = f"""
const images = [];
const seen = new Set();
let tell;
globalThis.document = {{ querySelectorAll: () => images }};
globalThis.IntersectionObserver = class {{
  constructor(told) {{ tell = told; }}
  observe(image) {{ seen.add(image); }}
  unobserve(image) {{ seen.delete(image); }}
}};
const {{ showKeptPictures }} = await import('{PICTURES}');
const asked = [];
const vault = {{ async blob(key) {{
  asked.push(key);
  if (key === 'gone') throw new Error('Missing');
  return new Uint8Array([1]);
}} }};
function image(key) {{
  const made = {{ dataset: {{ blob: key }}, toggleAttribute(name) {{ this[name] = true; }},
    removeAttribute(name) {{ delete this[name]; }} }};
  images.push(made);
  return made;
}}
const show = () => showKeptPictures(async () => vault);
async function comesIntoView(...targets) {{
  const waiting = targets.filter((target) => seen.has(target));
  tell(waiting.map((target) => ({{ isIntersecting: true, target }})));
  await new Promise(setImmediate);
}}
"""


def run(folder: Path, script: str) -> Any:
    path = folder / "run.mjs"
    path.write_text(PAGE + script)
    done = subprocess.run(["node", path], check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_only_a_picture_in_view_is_read(tmp_path: Path) -> None:
    script = """
const [first, second] = [image('a'), image('b')];
show();
await comesIntoView(first);
show();
console.log(JSON.stringify([asked, first.src.slice(0, 5), second.src ?? null]));"""
    assert run(tmp_path, script) == [["a"], "blob:", None]


def test_a_picture_that_is_gone_leaves_no_other_in_its_place(tmp_path: Path) -> None:
    script = """
const only = image('a');
show();
await comesIntoView(only);
const before = only.src.slice(0, 5);
only.dataset.blob = 'gone';
show();
await comesIntoView(only);
console.log(JSON.stringify([before, only.src ?? null, only['data-missing'], asked]));"""
    assert run(tmp_path, script) == ["blob:", None, True, ["a", "gone"]]
