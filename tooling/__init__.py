"""What `serve.py` is made of: assets, site, server, environments, checks.

Standard library only, Python 3.11 or newer. Nothing here runs in the browser.
"""
