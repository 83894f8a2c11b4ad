"""The only package that imports the browser (``js``, ``pyodide``, ``pyscript``)."""
