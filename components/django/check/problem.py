"""What is wrong with a server, in the words of a message: what was found, what is allowed, how to mend it."""


class Problem(Exception):
    """Stops the check of one server."""

    def __init__(self, found, allowed, fix):
        super().__init__(found)
        self.found = found
        self.allowed = allowed
        self.fix = fix


class NotYet(Problem):
    """May go away by itself: a network that lets a new pod through some seconds after it has started."""


def set_command(setting, value):
    return "pulumi config set --path '%s' %s" % (setting, value)


def secret_command(setting):
    return "pulumi config set --secret --path '%s'" % setting


def told(text, most=200):
    """What a server said, in one line."""
    words = " ".join(str(text).split())
    return words if len(words) <= most else words[:most] + "..."
