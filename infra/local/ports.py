"""Ports of servers. Each belongs to one folder of servers for as long as that folder exists, whether its servers run or not:
so one that is stopped and started again finds its port free, however many others are started meanwhile.
"""

import json
import os
import random
import socket
from pathlib import Path

import binaries
from failure import Failure

HOST = "127.0.0.1"
# Above the well-known ports, and below those that systems give to outgoing connections.
RANGE = range(20000, 32000)


def of_folder(folder, wanted):
    """Gives each name of `wanted` its port, or a free one where it has none, and remembers them all as this folder's."""
    home = binaries.cache_folder("ports")
    with binaries.locked(home / ".lock"):
        register = home / "ports.json"
        owners = _owners(register)
        chosen = {}
        for name, port in wanted.items():
            chosen[name] = port or _free(owners)
            owners[str(chosen[name])] = str(folder.absolute())
        aside = home / ".ports.json.new"
        aside.write_text(json.dumps(owners, indent=2))
        aside.replace(register)
    return chosen


def is_free(port):
    with socket.socket() as trial:
        # As servers do: connections of a former one that are still fading do not count.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
            return True
        except OSError:
            return False


def _owners(register):
    """The folder of each port, without folders that are gone. A register that can't be read is begun anew."""
    try:
        owners = json.loads(register.read_text())
        return {port: folder for port, folder in owners.items() if os.path.isdir(folder)}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _free(owners):
    candidates = [port for port in RANGE if str(port) not in owners]
    random.shuffle(candidates)
    for port in candidates:
        if is_free(port):
            return port
    raise Failure(f"no free port between {RANGE.start} and {RANGE.stop} on {HOST}: remove folders of servers that you no longer need")
