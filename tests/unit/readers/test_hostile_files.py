"""Files that are not what they were, or grow, or have lines without end."""

import bz2
import gzip
import json
import lzma
import os
import struct
import zlib

import pytest
import zstandard

from include.eventwire.readers import read_articles
from include.eventwire.records import Article
from include.eventwire.settings import Settings


def line(text):
    return json.dumps({"text": text}).encode() + b"\n"


def outcomes(results):
    return [result.text if isinstance(result, Article) else result.reason for result in results]


def compress_zstd(data):
    return zstandard.ZstdCompressor().compress(data)


COMPRESSORS = {
    ".bz2": bz2.compress,
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".zst": compress_zstd,
}
SKIPPED = struct.pack("<II", 0x184D2A50, 5) + b"other"  # a frame that zstd passes over


def test_a_file_that_vanished_since_the_plan_is_a_reject(make_context):
    context = make_context(line("one"), "a.jsonl")
    context.file.path.unlink()
    (reject,) = read_articles(context)
    assert reject.reason == "unreadable_file"
    assert "No such file" in reject.detail


def test_a_file_that_grew_since_the_plan_is_a_reject(make_context):
    context = make_context(line("one"), "a.jsonl")
    context.file.path.write_bytes(line("one") + line("two"))
    (reject,) = read_articles(context)
    assert reject.reason == "unreadable_file"
    assert "had 16 bytes" in reject.detail
    assert "now has 32" in reject.detail


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(make_context):
    context = make_context(b"", "a.txt")
    context.file.path.unlink()
    os.mkfifo(context.file.path)
    (reject,) = read_articles(context)
    assert reject.reason == "unreadable_file"
    assert "no ordinary file" in reject.detail


@pytest.mark.parametrize("suffix", COMPRESSORS)
def test_several_streams_in_one_file_are_one_text(read_input, suffix):
    compress = COMPRESSORS[suffix]
    data = compress(line("one")) + compress(b"") + compress(line("two"))
    assert outcomes(read_input(data, f"a.jsonl{suffix}")) == ["one", "two"]


@pytest.mark.parametrize("suffix", COMPRESSORS)
def test_every_cut_of_a_compressed_file_is_told(read_input, suffix):
    data = COMPRESSORS[suffix](line("one") + line("two"))
    for end in range(1, len(data)):
        assert outcomes(read_input(data[:end], f"a.jsonl{suffix}"))[-1] == "unreadable_file"


@pytest.mark.parametrize("suffix", COMPRESSORS)
def test_bytes_behind_a_compressed_file_are_told(read_input, suffix):
    data = COMPRESSORS[suffix](line("one")) + b"something else"
    assert outcomes(read_input(data, f"a.jsonl{suffix}"))[-1] == "unreadable_file"


def test_frames_that_are_to_be_skipped_are(read_input):
    data = SKIPPED + compress_zstd(line("one")) + SKIPPED + compress_zstd(line("two"))
    assert outcomes(read_input(data, "a.jsonl.zst")) == ["one", "two"]


@pytest.mark.parametrize("suffix", COMPRESSORS)
def test_a_bomb_is_cut_off_at_the_limit(read_input, monkeypatch, suffix):
    monkeypatch.setattr("include.eventwire.inputs.compression._ALWAYS_ALLOWED_BYTES", 1_000)
    data = COMPRESSORS[suffix](line("one") + b" " * 3_000_000)
    results = read_input(data, f"a.jsonl{suffix}", settings=Settings(max_expansion=2))
    assert outcomes(results)[-1] == "too_large"


def test_the_size_in_a_zstd_header_is_not_believed(read_input, monkeypatch):
    monkeypatch.setattr("include.eventwire.inputs.compression._ALWAYS_ALLOWED_BYTES", 1_000)
    data = bytearray(compress_zstd(b" " * 100_000 + b"\n"))
    assert zstandard.frame_content_size(bytes(data)) == 100_001
    data[5:9] = struct.pack("<I", 20)  # after magic number and descriptor, without a window
    assert zstandard.frame_content_size(bytes(data)) == 20
    results = read_input(bytes(data), "a.jsonl.zst", settings=Settings(max_expansion=2))
    assert outcomes(results)[0] in ("too_large", "unreadable_file")


def test_a_file_that_claims_gigabytes_to_be_decompressed_is_refused(read_input):
    wide = zstandard.ZstdCompressionParameters(window_log=30, compression_level=1)
    stream = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    data = stream.compress(line("one")) + stream.flush()
    assert outcomes(read_input(data, "a.jsonl.zst")) == ["unreadable_file"]

    block = bytearray(lzma.compress(line("one")))
    end = 12 + 4 * block[12]  # of the header of the first block, its checksum still to come
    at = block.index(b"\x21\x01", 12, end) + 2
    block[at] = 37  # a window of 3 << 29 bytes
    struct.pack_into("<I", block, end, zlib.crc32(block[12:end]))
    (reject,) = read_input(bytes(block), "a.jsonl.xz")
    assert reject.reason == "unreadable_file"
    assert "emory" in reject.detail


def test_lines_without_end_are_skipped_and_those_after_them_read(read_input):
    data = line("one") + b'{"text": "' + b"x" * 5_000_000 + b"\n" + line("two") + b"y" * 5_000_000
    results = read_input(data, "a.jsonl", settings=Settings(max_record_bytes=1_000))
    assert outcomes(results) == ["one", "text_too_long", "two", "text_too_long"]


def test_a_file_of_nul_bytes_is_one_reject(read_input):
    assert outcomes(read_input(bytes(100_000), "a.txt")) == ["undecodable_text"]
    assert outcomes(read_input(bytes(1_000_000), "a.jsonl")) == ["broken_record"]
