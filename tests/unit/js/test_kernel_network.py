"""All kernels of WebAssembly as one node: which are joined, and where each keeps what it makes."""

from __future__ import annotations

import base64
import json
import subprocess
from typing import TYPE_CHECKING, Any

import numpy as np

from tooling.layout import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

NETWORK = (REPOSITORY.root / "js" / "engine" / "kernels" / "network.js").as_uri()
Node = dict[str, Any]


def run(folder: Path, expression: str) -> Any:
    script = folder / "run.mjs"
    script.write_text(
        f"import {{ join, planOf }} from '{NETWORK}';\nconsole.log(JSON.stringify({expression}));\n"
    )
    done = subprocess.run(["node", script], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def kernel(name: str, op: str, *inputs: str, **how: int) -> Node:
    attributes = {key: {"i": str(value)} for key, value in how.items()}
    return {"name": name, "op": f"Lentigo{op}", "input": list(inputs), "attr": attributes}


# Each step writes its place over its part of the room, and then over a spare one.
PLAY = """({ steps, sizes }) => {
  let next = 0;
  const prepare = () => ({ shape: [1, sizes[next++]], spare: 7, run() {} });
  const { offsets, room: size, shape, steps: planned } = planOf(steps, [[1]], prepare);
  const room = new Int32Array(size);
  const part = (place) => room.subarray(offsets[place - 1], offsets[place - 1] + sizes[place - 1]);
  const faults = [];
  planned.forEach(({ reads, spare }, index) => {
    const check = () => {
      const read = reads.map(([, place]) => place).filter((place) => place > 0);
      faults.push(...read.filter((place) => part(place).some((value) => value !== place)));
    };
    check();
    part(index + 1).fill(index + 1);
    room.fill(-1, spare, spare + 7);
    check();
  });
  return { faults, room: size, shape };
}"""

X: Node = {"name": "x", "op": "Placeholder"}
W: Node = {"name": "w", "op": "Const"}
OUT: Node = {"name": "out", "op": "Relu", "input": ["b"]}
CHAIN = [
    kernel("a", "Convolution", "x", "w", "w", residual=0, scale=0),
    kernel("b", "Convolution", "a", "w", "w", "a", residual=1, scale=0),
]


def test_kernels_that_only_read_each_other_are_one_node(tmp_path: Path) -> None:
    after = run(tmp_path, f"join({json.dumps([X, W, *CHAIN, OUT])})")
    assert [(each["name"], each["op"]) for each in after] == [
        ("x", "Placeholder"), ("w", "Const"), ("b", "LentigoNetwork"), ("out", "Relu")
    ]  # fmt: skip
    assert after[2]["input"] == ["x", "w"]
    steps = base64.b64decode(after[2]["attr"]["steps"]["s"]).decode()
    assert json.loads(steps) == [
        {"kernel": 0, "reads": [0, 1, 1], "how": {"residual": 0, "scale": 0}},
        {"kernel": 0, "reads": [2, 1, 1, 2], "how": {"residual": 1, "scale": 0}},
    ]
    # TF.js gives a text of the graph in small letters.
    assert steps == steps.lower()


def test_kernels_are_not_joined_where_others_read_between_them(tmp_path: Path) -> None:
    reader = {"name": "z", "op": "Relu", "input": ["a"]}
    for nodes in (
        [X, W, *CHAIN, OUT, reader],
        [X, W, *CHAIN],
        [X, W, *CHAIN, {**OUT, "input": ["a"]}],
        [X, W],
    ):
        assert run(tmp_path, f"join({json.dumps(nodes)})") == nodes


def test_nothing_is_overwritten_that_is_still_read(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    steps, sizes = [], []
    for index in range(60):
        # The picture is place 0; often what was just made, now and then something older.
        before = index if rng.random() < 0.8 else int(rng.integers(0, index + 1))
        reads = [before, 0, 0, int(rng.integers(max(0, index - 4), index + 1))]
        steps.append({"kernel": 0, "reads": reads, "how": {"residual": 1, "scale": 0}})
        sizes.append(int(rng.integers(1, 200)))
    document = json.dumps({"steps": steps, "sizes": sizes})
    found = run(tmp_path, f"({PLAY})({document})")
    assert found["faults"] == []
    assert found["shape"] == [1, sizes[-1]]
    # Room is used again and again.
    assert found["room"] < sum(sizes) / 2
