"""``python -m tests.browser.torch_logits CHECKPOINT FOLDER``: the network before any conversion.

Runs in the environment of training, which has torch; reads the PNGs of a folder through
``lentigo`` and writes their logits, the mean over a photo's views, to standard output as JSON, by
file name.
"""

import json
import sys
from pathlib import Path

from lentigo.picture.decode import decode
from lentigo.picture.preprocess import to_model_input, views
from training.network import model


def main() -> None:
    checkpoint, folder = map(Path, sys.argv[1:])
    network = model.load(checkpoint)
    logits = {}
    for path in sorted(folder.glob("*.png")):
        shown = views(to_model_input(decode(path.read_bytes()).picture))
        logits[path.name] = model.infer(network, shown)[0].mean(axis=0).tolist()
    print(json.dumps(logits))


if __name__ == "__main__":
    main()
