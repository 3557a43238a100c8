"""From a parsed article to its events: frames found, parties named, fields filled.

`coder.py` is the way in; the other modules each answer one question about an event.
"""
