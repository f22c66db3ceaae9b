"""What the launcher tells a person when something cannot go on."""


class LauncherError(Exception):
    """A fact that stops a command, with what to do about it; shown without a traceback."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


class Cancelled(Exception):
    """The person pressed Ctrl-C, or another part failed, while this part was still starting."""
