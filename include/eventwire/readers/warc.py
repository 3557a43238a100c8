"""WARC files of web crawls (the layout of CC-NEWS) and of `fetch_feeds`: one article a page.

Plain, compressed record by record (as the standard wants it) or as a whole; `.warc`, `.warc.gz`.

What is read
    Records of type `response` with an HTTP status of 200 whose content is HTML or XHTML by its
    Content-Type, or by its first bytes where no type is stated. WARC-Target-URI is the address of
    the page, WARC-Date the time of fetching, `charset` of the HTTP header its declared encoding.
    Content and transfer encodings (gzip, deflate, br, chunked) are undone within a byte budget.
    `record_number` is the 1-based number of the record among all records of the file.

What a feed says of a page
    A program that fetches pages named in a feed may state what the feed says of each, in a record
    of its own beside the response:

        WARC-Type: metadata
        WARC-Concurrent-To: <WARC-Record-ID of the response>
        Content-Type: application/json

        {"headline": "...", "published_at": "2026-03-02T08:15:00+00:00", "byline": "...",
         "language": "en", "feed": "https://news.example/feed.xml"}

    Every key may be absent; its value is a text that is not empty. `published_at` is ISO 8601 with
    a zone. It stands before its response or after it, in the latter case before the next
    response. What the page itself states counts first; the feed fills what it leaves open. `feed`
    goes to the metadata of the article as it is.

What is counted
    All other records (requests, revisits, images, feeds, error pages) make one reject for the file
    (`not_an_article`) that counts them by kind. A page that is no article, too large or too slow
    is a reject with its record number. Damage ends the file with a reject (`unreadable_file`);
    the pages before it stay.
"""
