#!/usr/bin/env python3
"""MinIO and PostgreSQL on this machine, without containers, on loopback only."""

import sys

sys.dont_write_bytecode = True

import argparse

import binaries
import hold
from failure import Failure
from folder import KINDS


def main(arguments):
    parser = argparse.ArgumentParser(prog="servers.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    held = commands.add_parser("hold", help="for programs: servers that end with the program")
    held.add_argument("--servers", default="minio,postgres", type=lambda text: text.split(","))
    held.add_argument("--discard", metavar="FOLDER", help="also removed at the end")
    held.add_argument("--dir", metavar="FOLDER", help="where their data is kept for another time; else it is removed")
    guarding = commands.add_parser("guard")
    guarding.add_argument("folder")
    guarding.add_argument("--keep", action="store_true")
    guarding.add_argument("--discard", metavar="FOLDER")
    commands.add_parser("fetch", help="fetches and builds what the servers need, into the cache folder")
    options = parser.parse_args(arguments)
    if options.command == "hold":
        unknown = [name for name in options.servers if name not in KINDS]
        if unknown:
            parser.error(f"unknown server '{unknown[0]}': there are {', '.join(KINDS)}")
        return hold.hold(options.servers, options.discard, options.dir)
    if options.command == "guard":
        return hold.guard(options.folder, options.discard, options.keep)
    return fetch()


def fetch():
    for program in (binaries.minio, binaries.mc, binaries.weed):
        program()
    binaries.postgres(binaries.postgres_choice())
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Failure as failure:
        binaries.tell(str(failure))
        sys.exit(1)
