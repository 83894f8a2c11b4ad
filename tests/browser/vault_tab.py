"""A tab of the real page with the vault, but without Python and a model."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.browser.quiet_site import QuietSite
from tests.browser.sites import ROOT, AlteredHosting, served

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from playwright.sync_api import Page, Worker

    from tests.browser.lentigo_page import LentigoPage

PAGE = "index.html"
_START = """async () => {
  const { openVault } = await import('./js/page/vault.js');
  window.heard = [];
  window.vault = openVault();
  for (const kind of ['change', 'locked']) vault.addEventListener(kind, () => heard.push(kind));
}"""
# Bytes travel as lists of numbers.
_CALL = """async ([name, args]) => {
  const revived = (value) => {
    if (Array.isArray(value)) return value.map(revived);
    if (value === null || typeof value !== 'object') return value;
    if ('byte' in value) return new Uint8Array(value.times).fill(value.byte);
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, revived(part)]));
  };
  try {
    const value = await vault[name](...args.map(revived));
    return {value: value instanceof Uint8Array ? [...value] : value};
  } catch (error) {
    return {refused: error.name, why: error.message};
  }
}"""
_ROWS = """async () => {
  const [{name} = {}] = await indexedDB.databases();
  if (!name) return {};
  const database = await new Promise((resolve) => {
    indexedDB.open(name).onsuccess = ({target}) => resolve(target.result);
  });
  const counted = {};
  const transaction = database.transaction(['records', 'blobs']);
  for (const store of ['records', 'blobs']) {
    transaction.objectStore(store).count().onsuccess = ({target}) => counted[store] = target.result;
  }
  await new Promise((resolve) => transaction.oncomplete = resolve);
  database.close();
  return counted;
}"""


_AT_A_PUT = """() => {
  const put = IDBObjectStore.prototype.put;
  let puts = 0;
  IDBObjectStore.prototype.put = function (...args) {
    const request = put.apply(this, args);
    if ((puts += 1) === %d) { %s }
    return request;
  };
}"""
_HANGS = """
  new BroadcastChannel('hangs').postMessage('');
  for (const end = Date.now() + 5_000; Date.now() < end;);"""
DELETE_ALL = """async () => {
  for (const {name} of await indexedDB.databases()) {
    await new Promise((resolve) => indexedDB.deleteDatabase(name).onsuccess = resolve);
  }
}"""


class RefusedError(Exception):
    """What the vault rejected with; ``name`` is the refusal's."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name


@contextmanager
def vault_site(folder: Path) -> Iterator[str]:
    """Serve the repository with a page that starts no Python; gives the page's address."""
    quiet = QuietSite(folder)
    with served(AlteredHosting(ROOT, replaced={PAGE: quiet.folder / PAGE})) as url:
        yield url + PAGE


class VaultTab:
    """The vault of one tab."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url
        self.load()

    @classmethod
    def beside(cls, lentigo: LentigoPage) -> VaultTab:
        """Open another tab in the same browser."""
        page = lentigo.page.context.new_page()
        lentigo.guard.watch(page)
        return cls(page, lentigo.url)

    def load(self) -> None:
        """Load the page, or load it again."""
        self.page.goto(self._url)
        self.page.evaluate(_START)

    def __call__(self, name: str, *args: object) -> Any:
        """Call the vault; raises ``RefusedError``."""
        answer = self.page.evaluate(_CALL, [name, list(args)])
        if "refused" in answer:
            raise RefusedError(answer["refused"], answer["why"])
        return answer.get("value")

    def refusal(self, name: str, *args: object) -> str:
        """Call the vault, which must refuse; returns the name of the refusal."""
        try:
            self(name, *args)
        except RefusedError as refused:
            return refused.name
        raise AssertionError(f"{name} was done")

    def put(
        self, key: str, json: str, revision: int = 0, blobs: Mapping[str, object] | None = None
    ) -> int:
        """Write a record, and with it blobs by their keys; returns its new revision."""
        changes = {
            "puts": [{"key": key, "json": json, "revision": revision}],
            "blobs": [{"key": name, "bytes": of} for name, of in (blobs or {}).items()],
            "deletes": [],
        }
        return int(self("write", changes)["revisions"][key])

    def texts(self) -> dict[str, str]:
        """What all records say, by key."""
        return {record["key"]: record["json"] for record in self("records")}

    def size(self, key: str) -> int:
        """How many bytes a blob has."""
        return int(self.page.evaluate("async (key) => (await vault.blob(key)).length", key))

    def rows(self) -> dict[str, int]:
        """How many rows the database has in each store, of whatever generation."""
        counted: dict[str, int] = self.page.evaluate(_ROWS)
        return counted

    def databases(self) -> list[str]:
        """The names of all databases."""
        names: list[str] = self.page.evaluate(
            "async () => (await indexedDB.databases()).map(({name}) => name)"
        )
        return names

    @property
    def worker(self) -> Worker:
        """The vault's worker, which must run."""
        (worker,) = self.page.workers
        return worker

    def until_heard(self, kind: str) -> None:
        """Wait for an event of the vault."""
        self.page.wait_for_function("(kind) => heard.includes(kind)", arg=kind)

    def later(self, ms: int) -> None:
        """Put forward the clock of the page and of the worker."""
        forward = f"() => {{ const now = Date.now; Date.now = () => now() + {ms}; }}"
        self.page.evaluate(forward)
        for worker in self.page.workers:
            worker.evaluate(forward)


def filled(byte: int, times: int) -> dict[str, int]:
    """Bytes for the vault."""
    return {"byte": byte, "times": times}


def dies_at_put(count: int) -> str:
    """A script that ends a worker in one of its next writes to the database, counted from 1."""
    return _AT_A_PUT % (count, "self.close()")


def hangs_at_put(count: int) -> str:
    """A script that stops a worker for some seconds there; told on the channel ``hangs``."""
    return _AT_A_PUT % (count, _HANGS)
