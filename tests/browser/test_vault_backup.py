"""A backup: a file that other programs open, and that nothing but itself is taken from."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from pyrage import passphrase

from tests.browser.lentigo_page import LentigoPage
from tests.browser.vault_tab import VaultTab, dies_at_put, filled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Browser

PHRASE = "canal rough metal pilot wrist atom"
README = "These are your spots. Ünïcode."
_BACKUP = """async ([readme, phrase]) => {
  window.file = await vault.backup(readme, phrase);
  const reader = new FileReader();
  const url = new Promise((resolve) => reader.onload = () => resolve(reader.result));
  reader.readAsDataURL(file);
  return (await url).split(',')[1];
}"""
# Makes a file of texts, as somebody with the same library could; `alter` is done to its ZIP.
_FORGE = """async ([files, phrase, alter]) => {
  const {Encrypter, zipSync} = await import('./vendor/backup/backup.js');
  const encoder = new TextEncoder();
  const entries = Object.entries(files).map(([name, text]) => [name, [encoder.encode(text), {}]]);
  const zip = new Function('zip', 'return ' + alter)(zipSync(Object.fromEntries(entries)));
  const encrypter = new Encrypter();
  encrypter.setPassphrase(phrase);
  encrypter.setScryptWorkFactor(4);
  const plain = new Response(zip).body;
  window.file = await new Response(await encrypter.encrypt(plain)).blob();
}"""
_INSPECT = """async (phrase) => {
  try {
    return {value: await vault.inspect(file, phrase)};
  } catch ({name}) {
    return {refused: name};
  }
}"""
_GOOD = {"README.txt": README, "records.json": '{"format": 1, "records": []}'}
_TWENTY = {**_GOOD, **{f"pictures/p{n}.jpg": f"picture {n}" for n in range(20)}}


def backup(tab: VaultTab, phrase: str = PHRASE) -> bytes:
    """Make a backup, which is the tab's file from now on; returns its bytes."""
    return base64.b64decode(tab.page.evaluate(_BACKUP, [README, phrase]))


def take(tab: VaultTab, data: bytes) -> None:
    """Give the tab a file."""
    script = """(base64) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      window.file = new Blob([bytes]);
    }"""
    tab.page.evaluate(script, base64.b64encode(data).decode())


def inspected(tab: VaultTab, phrase: str = PHRASE) -> object:
    """What the vault finds in the tab's file, or the name of its refusal."""
    answer = tab.page.evaluate(_INSPECT, phrase)
    return answer.get("refused") or answer["value"]


def forge(tab: VaultTab, files: Mapping[str, str], alter: str = "zip") -> None:
    """Give the tab a file that does not take long to open."""
    tab.page.evaluate(_FORGE, [files, PHRASE, alter])


def fill(tab: VaultTab, pictures: int = 2, size: int = 1000) -> None:
    """Keep two records and some pictures."""
    tab.put(
        "a",
        '{"name": "left arm", "at": 1.5}',
        blobs={f"p{n}": filled(n, size) for n in range(pictures)},
    )
    tab.put("b", "[1,2]")


def test_another_program_opens_it_and_another_browser_takes_it_over(
    chromium: Browser, tab: VaultTab, vault_url: str
) -> None:
    """So large that it is read and written in several parts."""
    fill(tab, pictures=20, size=300_001)
    phrase = tab("words")
    assert len(phrase.split(" ")) == 6
    assert tab("words") != phrase
    data = backup(tab, phrase)
    with zipfile.ZipFile(io.BytesIO(passphrase.decrypt(data, phrase))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names[:2] == ["README.txt", "records.json"]
        assert sorted(names[2:]) == sorted(f"pictures/p{n}.jpg" for n in range(20))
        assert archive.read("README.txt").decode() == README
        assert archive.read("pictures/p7.jpg") == b"\x07" * 300_001
        assert json.loads(archive.read("records.json")) == {
            "format": 1,
            "records": [
                {"key": "a", "record": {"name": "left arm", "at": 1.5}},
                {"key": "b", "record": [1, 2]},
            ],
        }
    with LentigoPage(chromium, vault_url) as lentigo:
        other = VaultTab(lentigo.page, vault_url)
        take(other, data)
        assert inspected(other, phrase) == {
            "records": [
                {"key": "a", "json": '{"name":"left arm","at":1.5}'},
                {"key": "b", "json": "[1,2]"},
            ],
            "pictures": 20,
        }
        assert other.databases() == [], "looking changes nothing"
        records = [{"key": "b", "json": "[3]", "revision": 0}]
        wanted = {"records": records, "blobs": [f"p{n}" for n in range(20)]}
        assert other("restore", wanted) == {"revisions": {"b": 1}}
        other.load()
        assert other.texts() == {"b": "[3]"}
        assert [other.size(f"p{n}") for n in range(20)] == [300_001] * 20
        assert other.refusal("restore", wanted) == "Stopped"


def test_the_phrase_opens_it_however_it_is_typed(tab: VaultTab) -> None:
    forge(tab, _GOOD)
    for typed in (f" {PHRASE.capitalize().replace(' ', '  ')}", PHRASE.upper()):
        assert inspected(tab, typed) == {"records": [], "pictures": 0}
    assert inspected(tab, PHRASE + "s") == "WrongPhrase"


def test_a_restore_takes_what_it_is_asked_for_and_replaces_no_picture(tab: VaultTab) -> None:
    tab.put("mine", "1", blobs={"p0": filled(9, 5)})
    forge(tab, _TWENTY)
    inspected(tab)
    tab("restore", {"records": [{"key": "b", "json": "2", "revision": 0}], "blobs": ["p0", "p2"]})
    assert tab.texts() == {"mine": "1", "b": "2"}
    assert tab("blob", "p0") == [9] * 5
    assert bytes(tab("blob", "p2")) == b"picture 2"
    assert tab.refusal("blob", "p1") == "Missing"


@pytest.mark.parametrize(
    ("records", "blobs", "refusal"),
    [
        ([{"key": "a", "json": "2", "revision": 1}], ["p0"], "Conflict"),
        ([], ["p0", "not-in-it"], "Damaged"),
    ],
)
def test_a_restore_that_is_refused_leaves_nothing_behind(
    tab: VaultTab, records: list[dict[str, object]], blobs: list[str], refusal: str
) -> None:
    tab.put("before", "1")
    forge(tab, _TWENTY)
    inspected(tab)
    assert tab.refusal("restore", {"records": records, "blobs": blobs}) == refusal
    assert tab.rows() == {"records": 1, "blobs": 0}


def test_a_restore_that_dies_leaves_nothing_behind(tab: VaultTab) -> None:
    tab.put("before", "1")
    forge(tab, _TWENTY)
    inspected(tab)
    # Twenty claims and then the pictures, sixteen at once: it dies while these are there.
    tab.worker.evaluate(dies_at_put(20 + 16 + 2))
    wanted = {"records": [], "blobs": [f"p{n}" for n in range(20)]}
    assert tab.refusal("restore", wanted) == "Stopped"
    assert tab.rows() == {"records": 1, "blobs": 16}, "or this would test nothing"
    tab.load()
    assert tab("open")["state"] == "open"
    assert tab.rows() == {"records": 1, "blobs": 0}


def test_nothing_is_backed_up_or_taken_over_while_it_is_locked(tab: VaultTab) -> None:
    fill(tab)
    assert tab.refusal("backup", README, "1234567") == "WeakPasscode"
    tab("setPasscode", "seven green lemons")
    tab("lock")
    assert tab.refusal("backup", README, PHRASE) == "Locked"


def test_nothing_is_no_backup(tab: VaultTab) -> None:
    assert tab.refusal("backup", README, PHRASE) == "Missing"


# --- files that are refused ---


@pytest.mark.parametrize(
    "broken",
    ["half", "without its last byte", "its head alone", "a flipped bit", "a byte too many"],
)
def test_a_file_that_was_damaged_is_refused(tab: VaultTab, broken: str) -> None:
    forge(tab, {**_GOOD, "pictures/a.jpg": "".join(map(chr, range(48, 126))) * 3000})
    tab.page.evaluate(
        """async (broken) => {
          const bytes = new Uint8Array(await file.arrayBuffer());
          const [half, end] = [bytes.length >> 1, bytes.length];
          const flipped = bytes.slice();
          flipped[half] ^= 1;
          window.file = new Blob([{
            'half': bytes.slice(0, half), 'without its last byte': bytes.slice(0, end - 1),
            'its head alone': bytes.slice(0, 100), 'a flipped bit': flipped,
            'a byte too many': new Uint8Array([...bytes, 1]),
          }[broken]]);
        }""",
        broken,
    )
    assert inspected(tab) == "Damaged"
    assert tab.databases() == []


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "NotABackup"),
        ("PK\x03\x04 some archive", "NotABackup"),
        ("age-encryption.org/v2\n", "TooNew"),
        ("age-encryption.org/v1\n-> X25519 abc\nabc\n--- abc\n", "NotABackup"),
        ("age-encryption.org/v1\n-> scrypt bm90IGEgc2FsdA 21\nabc\n--- abc\n", "TooLarge"),
        ("age-encryption.org/v1\n-> scrypt bm90IGEgc2FsdA 9999\nabc\n--- abc\n", "TooLarge"),
        ("age-encryption.org/v1\n-> scrypt bm90IGEgc2FsdA 4\nabc\n--- abc\n", "Damaged"),
    ],
)
def test_what_is_no_backup_is_refused_by_its_beginning(
    tab: VaultTab, text: str, refusal: str
) -> None:
    take(tab, text.encode())
    assert inspected(tab) == refusal
    assert tab.databases() == []


@pytest.mark.parametrize(
    ("files", "alter", "refusal"),
    [
        ({"README.txt": README}, "zip", "NotABackup"),
        ({}, "new Uint8Array(200)", "NotABackup"),
        ({"README.txt": README, "records.json": "{}"}, "zip", "NotABackup"),
        ({**_GOOD, "records.json": '{"format": 2}'}, "zip", "TooNew"),
        ({**_GOOD, "records.json": "{"}, "zip", "Damaged"),
        ({**_GOOD, "records.json": '{"format": 1, "records": [{}]}'}, "zip", "Damaged"),
        ({**_GOOD, "README.txt": "a" * 1_000_001}, "zip", "TooLarge"),
        ({**_GOOD, "pictures/../a.jpg": ""}, "zip", "Damaged"),
        ({**_GOOD, "../pictures/a.jpg": ""}, "zip", "Damaged"),
        ({**_GOOD, "/etc/passwd": ""}, "zip", "Damaged"),
        ({**_GOOD, "pictures/a.svg": ""}, "zip", "Damaged"),
        (_GOOD, "zip.slice(0, -30)", "Damaged"),
        (_GOOD, "zip.slice(0, 60)", "Damaged"),
    ],
)
def test_an_archive_that_lentigo_did_not_make_is_refused(
    tab: VaultTab, files: dict[str, str], alter: str, refusal: str
) -> None:
    forge(tab, _GOOD)
    assert inspected(tab) == {"records": [], "pictures": 0}
    forge(tab, files, alter)
    assert inspected(tab) == refusal
    assert tab.databases() == []
