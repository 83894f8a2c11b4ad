"""The application: state, update, view and the ports to the browser.

``update`` and ``view`` are pure and run in CPython; ``bridge`` alone imports the browser.
"""
