"""The real window listening to the demo, shown or hidden, until it is ended; a program."""

import sys

from PySide6.QtCore import QSettings, QTimer

from timbrescope.desktop.settings import Settings
from timbrescope.desktop.steady_memory import keep_memory_steady
from timbrescope.desktop.views.application import make_application, make_window


def main() -> int:
    """Arguments: an INI file for the settings, and ``shown`` or ``hidden``."""
    # As the program does.
    keep_memory_steady()
    application = make_application()
    settings = Settings(QSettings(sys.argv[1], QSettings.Format.IniFormat))
    window = make_window(settings, device=None, demo=True)
    window.resize(1280, 800)
    window.show()
    if sys.argv[2] == "hidden":
        QTimer.singleShot(1000, window.hide)
        application.setQuitOnLastWindowClosed(False)
    return int(application.exec())


if __name__ == "__main__":
    sys.exit(main())
