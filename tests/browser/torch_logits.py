"""``python -m tests.browser.torch_logits CHECKPOINT FOLDER``: the network before any conversion.

Runs in the environment of training, which has torch; reads the PNGs of a folder through
``lentigo`` and writes their logits to standard output as JSON, by file name.
"""

import json
import sys
from pathlib import Path

from lentigo.picture.decode import decode
from lentigo.picture.preprocess import to_model_input
from training.network import model


def main() -> None:
    checkpoint, folder = map(Path, sys.argv[1:])
    network = model.load(checkpoint)
    logits = {}
    for path in sorted(folder.glob("*.png")):
        pixels = to_model_input(decode(path.read_bytes()).picture)
        logits[path.name] = model.infer(network, pixels)[0][0].tolist()
    print(json.dumps(logits))


if __name__ == "__main__":
    main()
