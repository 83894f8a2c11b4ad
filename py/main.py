"""The worker's entry: wires the browser's ports to the application."""

import asyncio

from app.bridge.browser import Bridge
from polyscript import xworker

bridge = Bridge()
xworker.onmessage = bridge.connect
running = asyncio.ensure_future(bridge.run())
