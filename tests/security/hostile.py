"""What somebody might write into a form to get at more than the form gives."""

from __future__ import annotations

from hypothesis import strategies as st

TEMPLATES = ("{{ 7 * 7 }}", "{{ conn.get('aws_default').password }}", "{% include '/etc/passwd' %}",
             "{{ ''.__class__.__mro__ }}", "${PATH}", "%(password)s", "{0.__class__}", "<%= 1 %>",
             "#{7*7}")  # fmt: skip
COMMANDS = ("$(touch pwned)", "`touch pwned`", "; touch pwned", "| touch pwned", "&& touch pwned",
            "-rf", "--help", "> pwned", "$IFS", "'; DROP TABLE events; --", '" OR ""="',
            "') UNION SELECT 1 --", "<script>alert(1)</script>")  # fmt: skip
PATHS = (
    "..", ".", "/", "//", "~", "~root", "-", "../secret.jsonl", "../../secret.jsonl",
    "wire/../../secret.jsonl", "wire/../../../../etc/passwd", "/etc/passwd", "//etc/passwd",
    "/proc/self/environ", "/dev/zero", "/dev/stdin", "file:///etc/passwd", "\\..\\..\\secret.jsonl",
    "..%2f..%2fsecret.jsonl", "%2e%2e/secret.jsonl", "..%c0%afsecret.jsonl", "wire/%00",
    "\uff0e\uff0e/secret.jsonl", "..\u2215secret.jsonl", "\u202elnosj.terces", "wire/\u200b../..",
    "link.jsonl", "links", "links/secret.jsonl", "loop", "loop/loop", "chain.jsonl", "wire/pipe",
    "*", "**", "**/*", "../*", "../**/*.jsonl", "/**", "links/*", "l*/secret*", "[!a]*",
    "wire/[.][.]/*", "*/../../*", "{wire,links}/*", "?" * 50, "_staging", "../lake/**",
)  # fmt: skip
BUCKETS = ("s3://", "s3://other", "s3://other/secret.jsonl", "s3://other/*", "s3://other/**",
           "S3://other/secret", "s3:/other/secret", "s3://../other", "s3://news/../other/secret",
           "s3://user:word@other/secret", "s3:///etc/passwd", "gs://other/secret",
           "http://169.254.169.254/latest/meta-data/", "https://other.example/a.jsonl",
           "file://s3://other", "s3://other?versionId=1", "s3://other#secret")  # fmt: skip
UNWRITABLE = ("\x00", "wire\x00.jsonl", "a\nb", "a\r\nb: c", "\x1b[31m", "\x7f", "\ud800",
              "a\udcffb", "\u2028", "\x85")  # fmt: skip
LONG = ("a" * 300, "a/" * 3000, "../" * 2000, "*" * 500, "[" * 1000, "\U0001f4f0" * 200,
        "e\u0301" * 500, "9" * 400)  # fmt: skip
NAMED = (*TEMPLATES, *COMMANDS, *PATHS, *BUCKETS, *UNWRITABLE, *LONG)

# One of those, some of them together, or anything that a text can be.
TEXTS = st.one_of(
    st.sampled_from(NAMED),
    st.lists(st.sampled_from(NAMED), min_size=2, max_size=3).map("".join),
    st.lists(st.sampled_from(NAMED), min_size=2, max_size=3).map("/".join),
    st.text(st.characters(), max_size=60),
)
# And what is no text at all: whoever calls the API may send any JSON.
VALUES = st.one_of(
    TEXTS,
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.lists(TEXTS, max_size=2),
    st.dictionaries(TEXTS, TEXTS, max_size=2),
)


def forms(fields, likely):
    """Return forms with the names of `fields`, each value hostile, empty, or one of `likely`."""
    return st.fixed_dictionaries(
        {
            name: st.one_of(st.none(), st.sampled_from(likely.get(name, [None])), VALUES)
            for name in fields
        }
    )
