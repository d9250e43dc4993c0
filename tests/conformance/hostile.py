"""The hostile requests, as tables of values, bodies, query strings, paths and headers."""

from __future__ import annotations

import gzip
import json

MEGABYTE = 1024 * 1024

VALUES: dict[str, bytes] = {
    "null": b"null",
    "true": b"true",
    "zero": b"0",
    "minus one": b"-1",
    "minus zero": b"-0.0",
    "2^31": b"2147483648",
    "2^63": b"9223372036854775808",
    "-2^63-1": b"-9223372036854775809",
    "10^400": b"1" + b"0" * 400,
    "5000 digits": b"7" * 5000,
    "1e400": b"1e400",
    "-1e400": b"-1e400",
    "1e308": b"1e308",
    "1e-400": b"1e-400",
    "1e999999999": b"1e999999999",
    "many decimals": b"0." + b"1" * 400,
    "NaN": b"NaN",
    "Infinity": b"-Infinity",
    "empty text": b'""',
    "text": b'"text"',
    "NUL": b'"a\\u0000b"',
    "raw control": b'"a\x01b"',
    "high surrogate": b'"\\ud800"',
    "low surrogate": b'"\\udc00 x"',
    "surrogates astray": b'"\\udc00\\ud800"',
    "surrogate pair": b'"\\ud83d\\ude00"',
    "encoded surrogate": b'"\xed\xa0\x80"',
    "non-character": b'"\\uffff\\ufdd0"',
    "long text": b'"' + b"x" * 20_000 + b'"',
    "Arabic digits": '"١٢٣"'.encode(),
    "quotes": b'"\' OR 1=1; -- \\""',
    "percent": b'"%s%n{0}{{x}}$1 ?1 :x"',
    "year 1 with offset": b'"0001-01-01T00:00:00+14:00"',
    "last day with offset": b'"9999-12-31T23:59:59.999999-14:00"',
    "leap second": b'"9999-12-31T23:59:60Z"',
    "year 0": b'"0000-01-01"',
    "year 10000": b'"10000-01-01T00:00:00Z"',
    "far offset": b'"2024-01-01T00:00:00+99:99"',
    "huge duration": b'"P9999999Y9999999M9999999DT9999999H9999999M9999999S"',
    "decimal exponent": b'"1e999999999"',
    "decimal digits": b'"' + b"9" * 2000 + b'"',
    "small decimal": b'"0.' + b"0" * 999 + b'1"',
    "uuid of zeros": b'"00000000-0000-0000-0000-000000000000"',
    "not base64": b'"===="',
    "array": b"[]",
    "array of all": b'[null, 1, "a", [], {}, 1e400]',
    "array of NUL": b'["\\u0000"]',
    "object": b"{}",
    "object of NUL": b'{"\\u0000": {"\\ud800": 1}}',
    "nested": b"[" * 500 + b"]" * 500,
    "repeated member": b'{"a": 1, "a": 2}',
}
"""A value as JSON (or nearly), put in the place of each field of each body."""

BODIES: dict[str, bytes] = {
    "nothing": b"",
    "white space": b" \r\n\t ",
    "null": b"null",
    "true": b"true",
    "number": b"1",
    "text": b'"text"',
    "array": b"[]",
    "array of objects": b"[{}]",
    "empty object": b"{}",
    "half an object": b'{"a": ',
    "two values": b"{} {}",
    "trailing comma": b'{"name": "x",}',
    "single quotes": b"{'name': 'x'}",
    "comment": b'{"name": "x"} // done',
    "BOM": b'\xef\xbb\xbf{"name": "x"}',
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "invalid UTF-8": b'{"name": "\xff\xfe"}',
    "invalid UTF-8 in a name": b'{"\xc3\x28": 1}',
    "NUL bytes": b"\x00\x00\x00",
    "NUL after": b'{"name": "x"}\x00',
    "NaN": b"NaN",
    "1e400": b"1e400",
    "deep arrays": b"[" * 100_000,
    "deep closed arrays": b'{"name": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "deep objects": b'{"a":' * 50_000,
    "deep unknown": b'{"nobody": ' + b"[" * 900 + b"]" * 900 + b"}",
    "repeated member": b'{"name": "a", "name": "b"}',
    "repeated unknown member": b'{"zzz": 1, "zzz": 1}',
    "unknown members": json.dumps({f"unknown_{n}": n for n in range(5000)}).encode(),
    "long name": b'{"' + b"n" * 100_000 + b'": 1}',
    "surrogate name": b'{"\\ud800": 1}',
    "empty name": b'{"": 1}',
    "prototype": b'{"__proto__": {"x": 1}, "__class__": 1, "constructor": 1, "_links": {}}',
    "managed": b'{"id": "x", "created_at": "x", "deleted_at": null, "state": "gone"}',
    "form": b"name=x&name=y",
    "binary": bytes(range(256)),
    "gzip": gzip.compress(b'{"name": "x"}', mtime=0),
    "megabytes": b'{"name": "' + b"x" * (2 * MEGABYTE) + b'"}',
}
"""Whole bodies, sent to each operation whether it takes one or not."""

LARGE = b'{"name": "' + b"x" * (20 * MEGABYTE) + b'"}'

QUERIES: tuple[bytes, ...] = (
    b"limit=\xd9\xa1\xd9\xa0", b"limit=%D9%A1%D9%A0", b"limit=", b"limit=0", b"limit=1001",
    b"limit=-1", b"limit=1e3", b"limit=99999999999999999999", b"limit=%00", b"limit=+5",
    b"limit=5%20",
    b"limit=1&limit=1", b"limit[]=1", b"offset=-1", b"offset=9223372036854775807",
    b"offset=9223372036854775808", b"offset=1.5", b"offset=0&cursor=x", b"sort=", b"sort=,",
    b"sort=,,",
    b"sort=-", b"sort=--id", b"sort=nothing", b"sort=id,id", b"sort=%00", b"sort=\xff",
    b"sort=" + b"a," * 20_000,
    b"cursor=", b"cursor=x", b"cursor=%00", b"cursor=" + b"A" * 5_000, b"cursor=gqFh",
    b"cursor=====",
    b"cursor=%FF%FE", b"cursor=\xff", b"cursor=" + b"_" * 43, b"nothing=1", b"=1", b"=", b"&",
    b"&&&", b"?",
    b"id", b"id=", b"id[in]=", b"id[between]=", b"id[null]=1", b"id[zzz]=1", b"id[]=1",
    b"id[=1", b"id]=1",
    b"[id]=1", b"id[eq][eq]=1", b"id%5Beq%5D=x", b"%69%64=%78", b"%", b"%zz=1", b"id=%",
    b"id=%zz", b"id=%f",
    b"id=%u0041", b"%FF=1", b"\xff\xfe=1", b"id=\xed\xa0\x80", b"id=%ED%A0%80", b"id=%00",
    b"id=a%0d%0ab",
    b"q=x", b"fields=id", b"expand=x", b"count=none", b"_links=1", b"__class__=x", b"id;limit=1",
    b"a=" + b"x" * 50_000, b"&".join(b"a%d=1" % n for n in range(300)),
    b"&".join([b"limit=1"] * 300),
    b"id[in]=" + b",".join([b"x"] * 5_000), b"id=" + b"%25" * 10_000, b"filter={\"a\":1}",
    b"$where=1",
    b"id=1'%20OR%20'1'='1", b"id[contains]=%25", b"#", b"a#b", b"id=a%23b", b"%E2%80%AE=1",
)  # fmt: skip
"""Query strings, as a request line carries them."""

HUGE_QUERY = b"name=" + b"x" * 100_000

TEXTS: tuple[bytes, ...] = (
    b"", b"x", b"null", b"%00", b"%ED%A0%80", b"\xff", b"9223372036854775808", b"1e400",
    b"NaN", b"-0",
    b"%D9%A1", b"0001-01-01T00:00:00%2B14:00", b"9999-12-31T23:59:59-14:00", b",", b"%5C",
    b"%5C,%5C",
    b"[", b"{}", b"%25_%27%22", b"1" * 2000, b"P9999999Y",
)  # fmt: skip
"""Values of filters."""

OPERATORS = (b"", b"[in]", b"[gt]", b"[contains]", b"[null]", b"[between]")

KEYS: tuple[bytes, ...] = (
    b"x", b"0", b"-1", b"%00", b"%FF", b"\xff", b"%", b"%zz", b"%E0%80%80", b"%ED%A0%80",
    b"..", b"%2e%2e",
    b"..%2f..%2fetc%2fpasswd", b".", b",", b",,,", b"%2C", b"a,b", b"%5C", b"%5C,", b"1e400",
    b"9223372036854775808",
    b"9" * 400, b"%D9%A1", b"%20", b"+", b"'", b"%22", b";", b"a;b=c", b"{id}", b"*",
    b"state", b"x" * 20_000,
    b"00000000-0000-0000-0000-000000000000", b"%7B00000000-0000-0000-0000-000000000000%7D",
    b"null", b"undefined",
)  # fmt: skip
"""Keys that no record has."""

TARGETS: tuple[bytes, ...] = (
    b"/..", b"/../../etc/passwd", b"/tasks/..", b"/tasks/../accounts", b"/%2e%2e/tasks",
    b"//tasks", b"///",
    b"/tasks//", b"/tasks/", b"/./tasks", b"/tasks/./x", b"/tasks%2f", b"/tasks%00",
    b"/tasks\x7f", b"/TASKS",
    b"/tasks;x=1", b"/tasks/x/state/", b"/tasks//state", b"/tasks/x/y/state",
    b"/tasks/%2f/state", b"/\\tasks",
    b"/%", b"/%zz", b"/\xff", b"/%FF", b"/" + b"a/" * 5_000, b"/" + b"x" * 50_000,
    b"/problems/..", b"/problems/x",
    b"/problems/%FF", b"http://127.0.0.1/tasks", b"http://evil.example/tasks?limit=1",
    b"HTTP://x:99999/",
    b"https://user:pass@evil.example/tasks", b"/tasks#fragment", b"/tasks?a#b",
    b"/http://evil.example/",
    b"/openapi.json?x=\xff", b"/metrics?x", b"/health?x=1", b"/readyz?x", b"/docs/..",
    b"/favicon.ico",
)  # fmt: skip
"""Request targets beside those of the routes."""

METHODS = (
    "HEAD", "OPTIONS", "TRACE", "PROPFIND", "MKCOL", "LOCK", "PURGE", "SEARCH", "COPY", "GET",
    "POST",
    "PUT", "PATCH", "DELETE",
)  # fmt: skip

HEADERS: tuple[tuple[bytes, bytes], ...] = (
    *(
        (b"If-Match", value)
        for value in (
            b"", b"*", b"garbage", b'"', b'""', b'"x', b'W/"x"', b'"a", "b"', b", ,",
            b"\xff\xfe", b"\x80",
            b'"' + b"x" * 20_000 + b'"', b'"a" "b"', b"\\", b"*, *", '"é"'.encode(),
        )
    ),
    *((b"If-None-Match", value) for value in (b"", b"garbage", b'"', b'W/"x"', b"\xff", b"*, x")),
    *(
        (b"Content-Type", value)
        for value in (
            b"", b"text/plain", b"application/xml", b"application/x-www-form-urlencoded",
            b"/", b"json",
            b"multipart/form-data", b"multipart/form-data; boundary=x",
            b"application/json; charset=latin-1",
            b"application/json; charset=\xff", b"application/json, text/plain",
            b"application/jsonx",
            b"APPLICATION/JSON", b"application/merge-patch+json", b"\xff/\xff",
            b"application/" + b"x" * 5_000,
        )
    ),
    (b"Content-Encoding", b"gzip"),
    (b"Content-Encoding", b"\xff"),
    (b"Accept", b"text/html"),
    (b"Accept", b"\xff;q=9"),
    (b"Accept-Language", b"x" * 5_000),
    (b"Authorization", b"Bearer \xff"),
    (b"Authorization", b"Basic !!!!"),
    (b"Authorization", b""),
    (b"Cookie", b"a=\xff; " * 100),
    (b"X-Request-ID", b"a b\xff"),
    (b"X-Request-ID", b"x" * 5_000),
    (b"X-Forwarded-For", b"\xff, 1.2.3.4, ::1"),
    (b"X-HTTP-Method-Override", b"DELETE"),
    (b"Idempotency-Key", b"\xff" * 300),
    (b"Range", b"bytes=0-1,5-2,-9999999999999999999"),
    (b"Origin", b"null"),
    (b"Origin", b"http://evil.example\xff"),
    (b"Access-Control-Request-Method", b"ZZZ"),
    (b"Expect", b"200-ok"),
    (b"Upgrade", b"h2c"),
    (b"Connection", b"\xff"),
    (b"Host", b"evil.example:99999"),
    (b"Host", b"\xff"),
    (b"Big", b"x" * 30_000),
    (b"Date", b"\xff"),
)  # fmt: skip
"""Headers that are legal bytes and make no sense."""
