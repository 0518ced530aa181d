"""``python -m autocoder_action`` does what ``autocoder`` does, and what the action's container does."""

import sys

from autocoder_action.cli import main

if __name__ == "__main__":
    sys.exit(main())
