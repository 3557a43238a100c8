"""Web pages: from the bytes of one HTML page to the article on it.

`pages.read_page` is the entry. The body comes from trafilatura; everything else is read from what
the page states in JSON-LD (`linked_data`), in its `<meta>` and `<link>` elements (`statements`)
or, failing that, in its visible markup.
"""
