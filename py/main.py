"""The worker's entry: wires the browser's ports to the application."""

from polyscript import xworker

from app.bridge.browser import Bridge

bridge = Bridge()
xworker.onmessage = bridge.connect
bridge.start()
