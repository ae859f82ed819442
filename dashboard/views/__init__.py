"""One file a page: choose, fetch, draw, drill. Run by path from main.py, imported by nobody."""
