"""`python -m console.supervisor`: what `make run` does once the environment is made."""

import os
import sys

import environ

from console.supervisor.family import Log
from console.supervisor.options import ROOT, Options
from console.supervisor.refusal import RefusedError, StopRequestedError
from console.supervisor.run import run
from console.supervisor.stopping import Stopping


def main() -> int:
    """Run until stopped: 0 when asked to stop, 1 with one sentence on standard error when it cannot start or go on."""
    stopping = Stopping()
    stopping.listen()
    if (ROOT / ".env").is_file():
        environ.Env.read_env(ROOT / ".env")
    try:
        run(Options.from_environment(os.environ), log=Log(sys.stdout), stopping=stopping)
    except StopRequestedError:
        pass
    except RefusedError as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
