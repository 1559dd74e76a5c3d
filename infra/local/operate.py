"""Servers for people: they go on running when the command has ended, in a folder that keeps their data."""

import contextlib
import os
import shlex
import shutil
from pathlib import Path

import ports
from failure import Failure
from folder import LOCK, ServerFolder, alone, ending

NOT_RUNNING = 3


def start(path, names, given_ports, postgres, producers):
    with alone(path):
        servers = ServerFolder(path)
        for name in names:
            server = servers.add(name)
            if server.running():
                print(f"{name} is running already (process {server.process.pid})")
                continue
            _settle_port(server, given_ports.get(name))
        if postgres and "postgres" in names:
            _settle_postgres(servers.servers["postgres"], postgres)
        servers.start(names)
        for dataset in producers:
            if "minio" not in servers.servers:
                raise Failure("producers are users of MinIO, which is not started here")
            servers.servers["minio"].add_producer(dataset)
        servers.keep()
        _write_environments(servers)
        _tell_addresses(servers)
        folder = _shown(path)
        print(f"Environment of each role, with its secrets: . {folder}/env/ingester   (also cleaner, analyst, admin, producer-DATASET)")
        print(f"To end them: {_shown(Path(__file__).parent / 'stop')}{'' if folder == './.millrace-servers' else f' --dir {folder}'}")
    return 0


def stop(path, remove):
    if not (path / "servers.json").exists():
        print(f"no servers in {_shown(path)}")
        return 0
    with alone(path):
        ending(path)
        servers = ServerFolder(path)
        running = [name for name, server in servers.servers.items() if server.running()]
        killed = servers.stop()
        for name in running:
            print(f"{name} " + ("did not end in time and was killed" if name in killed else "has ended"))
        if not running:
            print("none was running")
        if remove:
            _remove(path, servers)
    return 0


def status(path):
    if not (path / "servers.json").exists():
        print(f"no servers in {_shown(path)}; start them by {_shown(Path(__file__).parent / 'start')}")
        return NOT_RUNNING
    servers = ServerFolder(path)
    _tell_addresses(servers)
    return 0 if all(server.running() for server in servers.servers.values()) else NOT_RUNNING


def _settle_port(server, given):
    if given:
        server.state["port"] = given
    port = server.state.get("port")
    if port and not ports.is_free(port):
        raise Failure(f"port {port} of {server.name} is taken by another process: choose one by --{server.name}-port")


def _settle_postgres(server, choice):
    if server.state.setdefault("binaries", choice) != choice:
        raise Failure(f"the data in {server.folder} was made by PostgreSQL from '{server.state['binaries']}': another version can't read it")


def _tell_addresses(servers):
    for name, server in servers.servers.items():
        state = server.state
        running = f"running, process {server.process.pid}" if server.running() else "not running"
        address = state.get("endpoint") or f"{state.get('host')}:{state.get('port')}, database {state.get('database')}"
        print(f"{name:10} {address:45} {running}")


def _write_environments(servers):
    """One file for each role, readable by the owner only, that a shell can source."""
    folder = servers.path / "env"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    minio, postgres = servers.state.get("minio", {}), servers.state.get("postgres", {})
    for role in ("admin", "ingester", "cleaner", "analyst"):
        keys = minio.get("admin") if role == "admin" else minio.get("roles", {}).get(role)
        login = postgres.get("admin") if role == "admin" else postgres.get("roles", {}).get(role)
        _write_environment(folder / role, {**_object_store(minio, keys), **_catalog(postgres, login)})
    for dataset, keys in minio.get("producers", {}).items():
        _write_environment(folder / f"producer-{dataset}", _object_store(minio, keys))


def _object_store(minio, keys):
    if not keys:
        return {}
    return {
        "MILLRACE_STAGING": "s3://staging",
        "MILLRACE_LAKE_DATA": "s3://lake",
        "MILLRACE_S3_ENDPOINT": minio["endpoint"],
        "MILLRACE_S3_REGION": minio["region"],
        "MILLRACE_S3_PATH_STYLE": "true",
        "AWS_ACCESS_KEY_ID": keys["accessKey"],
        "AWS_SECRET_ACCESS_KEY": keys["secretKey"],
    }


def _catalog(postgres, login):
    if not login:
        return {}
    address = f"{postgres['host']}:{postgres['port']}/{postgres['database']}"
    return {"MILLRACE_LAKE_CATALOG": f"postgres://{login['user']}@{address}", "PGPASSWORD": login["password"]}


def _write_environment(path, variables):
    # What another role's file or the user's own profile has set must not be mixed in.
    lines = ["unset AWS_PROFILE AWS_SESSION_TOKEN PGPASSWORD MILLRACE_LAKE_CATALOG"]
    lines += [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("\n".join(lines) + "\n")


def _remove(path, servers):
    """Removes what start has made, and the folder when nothing else is in it."""
    for name, server in servers.servers.items():
        shutil.rmtree(server.folder, ignore_errors=True)
        (path / f"{name}.log").unlink(missing_ok=True)
    shutil.rmtree(path / "env", ignore_errors=True)
    (path / "servers.json").unlink()
    (path / LOCK).unlink()
    with contextlib.suppress(OSError):
        path.rmdir()
    print(f"the data in {_shown(path)} is removed")


def _shown(path):
    """As a user would type it from here."""
    try:
        return f"./{path.absolute().relative_to(Path.cwd())}"
    except ValueError:
        return str(path)
