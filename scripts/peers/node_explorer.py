"""The explorer as a peer: the same two questions as worker.Peer, asked of a Node process (explorer.ts)."""

import json
import os
import subprocess
from pathlib import Path

from worker import Missing

ROOT = Path(__file__).resolve().parents[2]


class Explorer:
    """The driver's end. products is what NANPROOF_PRODUCTS says."""

    def __init__(self, name, products):
        """Starts the process; raises Missing where it does not start."""
        self.name = name
        command = ["node", "--import", "tsx", "scripts/peers/explorer.ts"]
        environment = {**os.environ, "NANPROOF_PRODUCTS": products}
        try:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            self.products = self.receive()
        except (OSError, RuntimeError) as error:
            raise Missing(str(error)) from None

    def ask(self, method, *arguments):
        """What that method returns: see explorer.ts."""
        self.process.stdin.write(json.dumps({"method": method, "arguments": arguments}) + "\n")
        self.process.stdin.flush()
        return self.receive()

    def start(self, problem, size, clock):
        """Takes up the step of a size; the explorer draws its numbers as problem.py does."""
        return self.ask("start", *size, clock)

    def receive(self):
        """The next answer; RuntimeError when the process has ended."""
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended with exit code {self.process.wait()}")
        return json.loads(line)
