#!/usr/bin/python3
"""A hostile script: takes what it can get, and reports one line for each attempt."""
import socket
import sys

port = int(sys.argv[1])

try:
    with open("/etc/passwd", "rb") as secret:
        print(f"read /etc/passwd ({len(secret.read())} bytes)", flush=True)
except OSError as error:
    print(f"open /etc/passwd: {error.strerror}", flush=True)

try:
    with socket.create_connection(("127.0.0.1", port), timeout=5):
        print(f"connected 127.0.0.1:{port}", flush=True)
except OSError as error:
    print(f"connect 127.0.0.1:{port}: {error.strerror}", flush=True)

taken = []
for _ in range(60):
    taken.append(b"\x5a" * (1 << 20))
print("took 60 MB", flush=True)
