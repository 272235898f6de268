"""``python -m timbrescope`` is the ``timbrescope`` command."""

import sys

from timbrescope.desktop.cli import main

sys.exit(main())
