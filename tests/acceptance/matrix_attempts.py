#!/usr/bin/python3
"""Tries every cell that the first argument names and prints what became of each, as JSON: "ok" or the errno."""
import errno
import json
import os
import socket
import sys


def read(path):
    if os.path.isdir(path):
        os.listdir(path)
        return
    with open(path, "rb") as file:
        file.read(1)


def write(path):
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
    try:
        if os.path.isfile(path):
            os.write(descriptor, b"x")
    finally:
        os.close(descriptor)


def create(path):
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))


def remove(path):
    os.unlink(path)


def truncate(path):
    os.truncate(path, os.stat(path).st_size)


def attributes(path):
    os.chmod(path, 0o777)


def rename(path):
    os.rename(path, path + ".moved")
    os.rename(path + ".moved", path)


def link(path):
    os.link(path, path + ".linked")


def execute(path):
    """The errno of exec crosses a pipe that a successful exec closes."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.execv(path, [path, "-I", "-S", "-c", "pass"])
        except OSError as error:
            os.write(write_end, str(error.errno).encode())
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        failed = pipe.read()
    status = os.waitpid(child, 0)[1]
    if failed:
        raise OSError(int(failed), "exec")
    if status != 0:
        raise OSError(errno.ENOEXEC, f"status {status}")


def of_kind(proto):
    return socket.socket(socket.AF_INET, socket.SOCK_STREAM if proto == "tcp" else socket.SOCK_DGRAM)


def connect(address, port, proto):
    with of_kind(proto) as made:
        made.settimeout(20)
        made.connect((address, port))


def bind(address, port, proto):
    with of_kind(proto) as made:
        made.bind((address, port))


def outcome(act, *words):
    try:
        globals()[act](*words)
        return "ok"
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error))


print(json.dumps([outcome(*cell) for cell in json.loads(sys.argv[1].partition("=")[2])]))
