"""Scripts word a message as Python does (`py/app/words`)."""

import json
import subprocess
from pathlib import Path

from app.words.en import MESSAGES
from tests.unit.app.words.test_words import CASES
from tooling.layout import REPOSITORY

MODULE = REPOSITORY.root / "js" / "page" / "words.js"


def test_javascript_says_the_same(tmp_path: Path) -> None:
    cases = [
        [{"language": "en", "messages": {**MESSAGES, "it": message}}, values]
        for message, values, _ in CASES
    ]
    script = tmp_path / "say.mjs"
    script.write_text(
        f"import {{ sentence }} from '{MODULE.as_uri()}';\n"
        f"const cases = {json.dumps(cases)};\n"
        "const said = cases.map(([catalogue, values]) => sentence(catalogue, 'it', values));\n"
        "process.stdout.write(JSON.stringify(said));\n"
    )
    done = subprocess.run(["node", script], check=True, capture_output=True, text=True)
    assert json.loads(done.stdout) == [said for _, _, said in CASES]
