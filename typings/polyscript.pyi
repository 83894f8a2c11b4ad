from collections.abc import Callable
from typing import Any

class _XWorker:
    onmessage: Callable[[Any], None]

xworker: _XWorker
