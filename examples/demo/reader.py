#!/usr/bin/python3
"""Reads what it was granted, and tries what it was not."""
for name in ("/data/allowed.txt", "/data/other.txt"):
    try:
        with open(name, encoding="utf-8") as file:
            file.read()
            print(f"{name} read", flush=True)
    except OSError:
        print(f"{name} denied", flush=True)
