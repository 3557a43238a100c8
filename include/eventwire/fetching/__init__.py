"""Fetching news over HTTP: feeds and sitemaps are polled, the pages that they name fetched.

Every request goes through the guard (`guard.py`, `connections.py`): it is refused when the address
that it would connect to is private. What came in is kept as WARC in the landing area, from where
`code_news` reads it like any other file.
"""
