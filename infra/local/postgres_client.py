"""As much of PostgreSQL's protocol as setting up a server takes: log in with SCRAM-SHA-256 and send SQL.

The pinned binaries have no psql, and a password must be neither in an argument list nor in the server's log.
"""

import base64
import hashlib
import hmac
import os
import socket
import struct

from failure import Failure

ITERATIONS = 4096


def execute(host, port, user, password, database, sql):
    """Sends one text of any number of statements, which PostgreSQL runs as one transaction unless it says otherwise."""
    with socket.create_connection((host, port), timeout=5) as connection:
        connection.settimeout(60)
        stream = connection.makefile("rwb")
        startup = struct.pack("!i", 196608)
        for name, value in (("user", user), ("database", database), ("client_encoding", "UTF8")):
            startup += name.encode() + b"\0" + value.encode() + b"\0"
        _send(stream, b"", startup + b"\0")
        _log_in(stream, password)
        _until_ready(stream)
        _send(stream, b"Q", sql.encode() + b"\0")
        _until_ready(stream)
        _send(stream, b"X", b"")


def verifier(password):
    """What PostgreSQL stores of a password; CREATE ROLE takes it in place of the password itself."""
    salt = os.urandom(16)
    _, stored, server = _keys(password, salt, ITERATIONS)
    parts = [base64.b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${ITERATIONS}:{parts[0]}${parts[1]}:{parts[2]}"


def _log_in(stream, password):
    kind, body = _receive(stream)
    if kind != b"R" or struct.unpack("!i", body[:4])[0] != 10:
        raise Failure(f"PostgreSQL asks for another login than SCRAM-SHA-256 (message {kind!r})")
    nonce = base64.b64encode(os.urandom(18)).decode()
    first = f"n=,r={nonce}"
    opening = b"n,," + first.encode()
    _send(stream, b"p", b"SCRAM-SHA-256\0" + struct.pack("!i", len(opening)) + opening)
    challenge = _receive(stream)[1][4:].decode()
    given = dict(part.split("=", 1) for part in challenge.split(","))
    if not given["r"].startswith(nonce):
        raise Failure("what answers on PostgreSQL's port is not the server that was asked")
    client, stored, server = _keys(password, base64.b64decode(given["s"]), int(given["i"]))
    unproved = "c=biws,r=" + given["r"]
    exchange = ",".join((first, challenge, unproved)).encode()
    signature = hmac.digest(stored, exchange, "sha256")
    proof = base64.b64encode(bytes(a ^ b for a, b in zip(client, signature))).decode()
    _send(stream, b"p", f"{unproved},p={proof}".encode())
    answer = _receive(stream)[1][4:].decode()
    if not hmac.compare_digest(answer, "v=" + base64.b64encode(hmac.digest(server, exchange, "sha256")).decode()):
        raise Failure("what answers on PostgreSQL's port does not know the password that it was made with")


def _keys(password, salt, iterations):
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)
    client = hmac.digest(salted, b"Client Key", "sha256")
    return client, hashlib.sha256(client).digest(), hmac.digest(salted, b"Server Key", "sha256")


def _send(stream, kind, body):
    stream.write(kind + struct.pack("!i", len(body) + 4) + body)
    stream.flush()


def _receive(stream):
    header = stream.read(5)
    if len(header) < 5:
        raise ConnectionError("PostgreSQL closed the connection")
    body = stream.read(struct.unpack("!i", header[1:])[0] - 4)
    if header[:1] == b"E":
        fields = {field[:1]: field[1:].decode(errors="replace") for field in body.split(b"\0") if field}
        error = Failure(f"PostgreSQL: {fields.get(b'M')} ({fields.get(b'C')})")
        # 57P03: it is still starting.
        raise ConnectionError(str(error)) if fields.get(b"C") == "57P03" else error
    return header[:1], body


def _until_ready(stream):
    while _receive(stream)[0] != b"Z":
        pass
