"""What is kept on the device: whole or not at all, sealed, and deleted when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.lentigo_page import FLAGS, LentigoPage, chromium_path
from tests.browser.vault_tab import (
    VaultTab,
    dies_at_put,
    filled,
    hangs_at_put,
)

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Playwright

PASSCODE = "seven green lemons"
MINUTES_MS = 60_000
FIVE = {
    "puts": [{"key": f"r{n}", "json": f"[{n}]", "revision": 0} for n in range(5)],
    "blobs": [{"key": f"b{n}", "bytes": filled(n, 1000)} for n in range(5)],
    "deletes": [],
}
SWAPPED = """async () => {
  const [{name}] = await indexedDB.databases();
  const database = await new Promise((resolve) => {
    indexedDB.open(name).onsuccess = ({target}) => resolve(target.result);
  });
  const transaction = database.transaction('records', 'readwrite');
  const records = transaction.objectStore('records');
  records.get([1, 'one']).onsuccess = ({target}) => records.put(target.result, [1, 'two']);
  await new Promise((resolve) => transaction.oncomplete = resolve);
  database.close();
}"""
OF_A_LATER_LENTIGO = """async (name) => {
  const request = indexedDB.open(name, 2);
  await new Promise((resolve) => request.onsuccess = resolve);
  request.result.close();
}"""


def test_asking_what_is_kept_makes_nothing(tab: VaultTab) -> None:
    state = tab("open")
    assert state.pop("persisted") in (True, False)
    assert state == {"state": "empty", "passcode": False, "wait_ms": 0}
    assert tab("records") == []
    assert tab.refusal("blob", "b") == "Missing"
    assert tab.databases() == []


def test_what_was_written_is_there_after_a_reload(tab: VaultTab) -> None:
    assert tab.put("a-1", '{"ü":1.0}', blobs={"b_1": filled(7, 3)}) == 1
    tab.load()
    assert tab("open")["state"] == "open"
    assert tab("records") == [{"key": "a-1", "json": '{"ü":1.0}', "revision": 1}]
    assert tab("blob", "b_1") == [7, 7, 7]
    assert tab.put("a-1", "2", revision=1) == 2
    tab("write", {"puts": [], "blobs": [], "deletes": ["a-1", "b_1", "never-there"]})
    assert tab("records") == []
    assert tab.refusal("blob", "b_1") == "Missing"


def test_a_conflict_undoes_all_that_was_written_with_it(tab: VaultTab) -> None:
    tab.put("a", "1", blobs={"b": filled(1, 1)})
    for clash in (
        {"puts": [{"key": "a", "json": "2", "revision": 0}], "blobs": []},
        {"puts": [{"key": "gone", "json": "2", "revision": 1}], "blobs": []},
        {"puts": [], "blobs": [{"key": "b", "bytes": filled(2, 1)}]},
    ):
        puts = [{"key": "new", "json": "1", "revision": 0}, *clash["puts"]]
        assert tab.refusal("write", {**clash, "puts": puts, "deletes": ["a"]}) == "Conflict"
        assert tab.texts() == {"a": "1"}
        assert tab("blob", "b") == [1]


@pytest.mark.parametrize("key", ["", "a/b", "..", "a b", "x" * 65])
def test_a_key_is_an_id(tab: VaultTab, key: str) -> None:
    changes = {"puts": [{"key": key, "json": "1", "revision": 0}], "blobs": [], "deletes": []}
    assert tab.refusal("write", changes) == "Invalid"


def test_a_record_is_written_once_at_a_time(tab: VaultTab) -> None:
    twice = [{"key": "a", "json": json, "revision": 0} for json in "12"]
    assert tab.refusal("write", {"puts": twice, "blobs": [], "deletes": []}) == "Invalid"
    assert tab.databases() == []


# --- what comes in between ---


def test_a_worker_that_dies_in_mid_write_has_written_nothing(tab: VaultTab) -> None:
    tab.put("before", "1")
    tab.worker.evaluate(dies_at_put(3))
    assert tab.refusal("write", FIVE) == "Stopped"
    assert tab.texts() == {"before": "1"}
    assert tab.rows() == {"records": 1, "blobs": 0}
    tab("write", FIVE)
    assert tab.rows() == {"records": 6, "blobs": 5}


def test_a_tab_closed_in_mid_write_has_written_nothing(quiet: LentigoPage, tab: VaultTab) -> None:
    closing = VaultTab.beside(quiet)
    closing.put("before", "1")
    closing.worker.evaluate(hangs_at_put(3))
    tab.page.evaluate(
        """() => {
          window.hung = new Promise((resolve) => {
            new BroadcastChannel('hangs').onmessage = resolve;
          }).then(() => true);
        }"""
    )
    closing.page.evaluate("(five) => { vault.write(five).catch(() => {}); }", {**FIVE, "blobs": []})
    assert tab.page.evaluate("hung")
    closing.page.close()
    assert tab.texts() == {"before": "1"}


def test_a_re_encryption_that_dies_leaves_everything_as_it_was(tab: VaultTab) -> None:
    tab("write", FIVE)
    # After the five records.
    tab.worker.evaluate(dies_at_put(8))
    assert tab.refusal("setPasscode", PASSCODE) == "Stopped"
    assert tab.rows() == {"records": 10, "blobs": 5}, "or this would test nothing"
    tab.load()
    assert tab("open")["passcode"] is False
    assert len(tab("records")) == 5
    assert tab("blob", "b4") == [4] * 1000
    assert tab.rows() == {"records": 5, "blobs": 5}


def test_a_full_device_says_so_and_keeps_what_it_has(chromium: Browser, vault_url: str) -> None:
    """In a browser of its own: Chromium remembers for a while how much room there was."""
    large = {"puts": [], "blobs": [{"key": "large", "bytes": filled(2, 3_000_000)}], "deletes": []}
    with LentigoPage(chromium, vault_url) as lentigo:
        tab = VaultTab(lentigo.page, vault_url)
        origin = tab.page.evaluate("location.origin")
        devtools = lentigo.page.context.new_cdp_session(tab.page)
        quota = "Storage.overrideQuotaForOrigin"
        devtools.send(quota, {"origin": origin, "quotaSize": 1_000_000})
        tab.put("a", "1", blobs={"b": filled(1, 100_000)})
        assert tab.refusal("write", large) == "Full"
        assert tab.texts() == {"a": "1"}
        assert tab.size("b") == 100_000
        devtools.send(quota, {"origin": origin})
        tab("write", large)
        assert tab.size("large") == 3_000_000


def test_two_tabs_lose_nothing(quiet: LentigoPage, tab: VaultTab) -> None:
    tab.put("a", "1")
    other = VaultTab.beside(quiet)
    assert other("open")["state"] == "open"
    assert tab.put("a", "2", revision=1) == 2
    other.until_heard("change")
    assert other.refusal("write", {**FIVE, "puts": [{"key": "a", "json": "3", "revision": 1}]}) == (
        "Conflict"
    )
    assert other.texts() == {"a": "2"}
    assert tab.page.evaluate("heard") == []


def test_two_tabs_that_keep_their_first_at_once_keep_both(
    quiet: LentigoPage, tab: VaultTab
) -> None:
    both = [tab, VaultTab.beside(quiet)]
    for n, each in enumerate(both):
        each.page.evaluate(
            """(key) => {
              const puts = [{key, json: '1', revision: 0}];
              window.first = vault.write({puts, blobs: [], deletes: []});
            }""",
            f"r{n}",
        )
    for each in both:
        each.page.evaluate("first")
        each.load()
    assert [each.texts() for each in both] == [{"r0": "1", "r1": "1"}] * 2


# --- the passcode ---


def test_a_passcode_locks_and_a_wrong_one_only_waits(tab: VaultTab) -> None:
    tab.put("a", "1", blobs={"b": filled(1, 10)})
    assert tab.refusal("setPasscode", "1234567") == "WeakPasscode"
    tab("setPasscode", PASSCODE)
    assert tab.texts() == {"a": "1"}
    tab.load()
    assert tab("open")["state"] == "locked"
    for call in (("records",), ("blob", "b"), ("write", FIVE), ("setPasscode", None)):
        assert tab.refusal(*call) == "Locked"
    waits = [tab("unlock", "not this one")["wait_ms"] for _ in range(3)]
    assert waits[:2] == [0, 0]
    assert 0 < waits[2] <= 5_000
    # Not even the right one now, nor after a reload.
    tab.load()
    assert tab("open")["wait_ms"] > 0
    attempt = tab("unlock", PASSCODE)
    assert (attempt["open"], attempt["tried"]) == (False, False)
    tab.later(5_000)
    attempt = tab("unlock", "not this one")
    assert attempt["tried"]
    assert attempt["wait_ms"] > 5_000
    tab.later(10_000)
    assert tab("unlock", "  seven   green lemons ") == {"open": True, "tried": True, "wait_ms": 0}
    assert tab("open")["wait_ms"] == 0
    assert tab("blob", "b") == [1] * 10
    tab("lock")
    assert tab.refusal("records") == "Locked"


def test_a_passcode_can_be_changed_and_taken_away(tab: VaultTab) -> None:
    tab("setPasscode", PASSCODE)
    tab.put("a", "1", blobs={"b": filled(1, 10)})
    tab("setPasscode", "another passcode")
    tab("lock")
    assert tab("unlock", PASSCODE)["open"] is False
    assert tab("unlock", "another passcode")["open"] is True
    tab("setPasscode", None)
    tab.load()
    assert tab("open")["state"] == "open"
    assert tab.texts() == {"a": "1"}
    assert tab("blob", "b") == [1] * 10


def test_it_locks_itself_after_five_minutes_without_use(tab: VaultTab) -> None:
    tab("setPasscode", PASSCODE)
    tab.later(4 * MINUTES_MS)
    tab.page.dispatch_event("body", "pointerdown")
    tab.later(4 * MINUTES_MS)
    assert tab("records") == []
    # As after a sleep: first of all comes a call …
    tab.later(5 * MINUTES_MS)
    assert tab.refusal("records") == "Locked"
    assert tab.page.evaluate("heard") == ["locked"]
    # … or the page is shown again.
    assert tab("unlock", PASSCODE)["open"]
    tab.page.evaluate("heard.length = 0")
    tab.later(5 * MINUTES_MS)
    tab.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    tab.until_heard("locked")


def test_what_locks_one_tab_locks_the_other(quiet: LentigoPage, tab: VaultTab) -> None:
    tab.put("a", "1")
    other = VaultTab.beside(quiet)
    assert other.texts() == {"a": "1"}
    tab("setPasscode", PASSCODE)
    other.until_heard("locked")
    assert other.refusal("records") == "Locked"
    assert other("unlock", PASSCODE)["open"]
    assert other.texts() == {"a": "1"}
    other("lock")
    tab.until_heard("locked")
    assert tab.refusal("records") == "Locked"


# --- what is on the disk ---


def test_the_profile_has_no_readable_word_of_what_is_kept(
    playwright: Playwright, vault_url: str, tmp_path: Path
) -> None:
    """With a control beside it: what is written without the vault is found.

    So is a key that no script can read: what that is worth, docs/decisions/0031 says.
    """
    said, seen, control = "a-mole-on-the-left-arm", "EXIFPICTURE", "plain-words-of-the-control"
    device_key = "32-bytes-that-no-script-can-read"
    context = playwright.chromium.launch_persistent_context(
        str(tmp_path), executable_path=chromium_path(), args=list(FLAGS)
    )
    tab = VaultTab(context.pages[0], vault_url)
    picture = "new TextEncoder().encode(picture.repeat(20_000))"
    write = f"""async ([json, picture, n]) => vault.write({{
      puts: [{{key: 'r' + n, json, revision: 0}}], blobs: [{{key: 'b' + n, bytes: {picture}}}],
      deletes: [],
    }})"""
    tab.page.evaluate(write, [f'["{said}"]', seen, 1])
    tab("setPasscode", PASSCODE)
    tab.page.evaluate(write, [f'["{said}"]', seen, 2])
    tab.page.evaluate(
        """async ([text, key]) => {
          const raw = new TextEncoder().encode(key);
          const held = await crypto.subtle.importKey('raw', raw, 'AES-KW', false, ['wrapKey']);
          const request = indexedDB.open('control', 1);
          request.onupgradeneeded = () => {
            request.result.createObjectStore('s').put([text, held], 'k');
          };
          await new Promise((resolve) => request.onsuccess = resolve);
        }""",
        [control, device_key],
    )
    context.close()
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]

    def found(text: str) -> bool:
        forms = (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be"))
        return any(form in data for data in files for form in forms)

    assert found(control)
    assert found(device_key)
    assert sum(map(len, files)) > 2 * 20_000 * len(seen)
    assert [text for text in (said, seen, PASSCODE) if found(text)] == []


def test_a_row_in_another_ones_place_does_not_open(tab: VaultTab) -> None:
    tab.put("one", "1")
    tab.put("two", "2")
    tab.page.evaluate(SWAPPED)
    assert tab.refusal("records") == "Damaged"


def test_erased_is_erased_in_every_tab(quiet: LentigoPage, tab: VaultTab) -> None:
    tab("write", FIVE)
    other = VaultTab.beside(quiet)
    assert len(other("records")) == 5
    tab("erase")
    assert tab.databases() == []
    other.until_heard("change")
    for each in (tab, other):
        assert each("open")["state"] == "empty"
        assert each.refusal("blob", "b1") == "Missing"
    other.put("new", "1")
    assert tab.texts() == {"new": "1"}


def test_what_a_later_lentigo_wrote_is_left_alone(tab: VaultTab) -> None:
    tab.put("a", "1")
    (name,) = tab.databases()
    tab.page.evaluate(OF_A_LATER_LENTIGO, name)
    assert tab.refusal("open") == "TooNew"
    assert tab.refusal("write", FIVE) == "TooNew"
    assert tab.rows() == {"records": 1, "blobs": 0}


# --- the worker ---


def test_the_page_loads_nothing_of_it_before_it_is_asked(quiet: LentigoPage) -> None:
    before = len(quiet.proxy.seen)
    tab = VaultTab.beside(quiet)

    def loaded() -> bool:
        return any("/js/vault/" in request.url for request in quiet.proxy.seen[before:])

    assert not loaded()
    tab("open")
    assert loaded()


def test_the_policy_of_the_page_binds_the_worker(tab: VaultTab) -> None:
    tab("open")
    refused = tab.worker.evaluate(
        """() => new Promise((resolve) => {
          addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
          fetch('http://localhost:9/').catch(() => {});
        })"""
    )
    assert refused == "connect-src"


def test_a_worker_that_does_not_load_is_named_and_tried_again(
    quiet: LentigoPage, tab: VaultTab
) -> None:
    quiet.guard.expected = ("failed: .*/js/vault/rows.js",)
    tab.page.context.route("**/js/vault/rows.js", lambda route: route.abort())
    assert tab.refusal("open") == "Unavailable"
    tab.page.context.unroute("**/js/vault/rows.js")
    assert tab("open")["state"] == "empty"
