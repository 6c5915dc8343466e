"""Hands and eyes for the trial: finds what is on the screen as a screen reader does, and presses it."""

import subprocess
import sys
import time
import warnings

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

PATIENCE_SECONDS = 60

# The names that are better are not in Debian 12.
warnings.simplefilter("ignore", DeprecationWarning)


def things():
    """Everything on the screen, from the top."""
    unseen = [Atspi.get_desktop(0)]
    while unseen:
        thing = unseen.pop()
        try:
            yield thing, thing.get_role_name(), (thing.get_name() or "").strip()
            count = max(thing.get_child_count(), 0)
            inside = [thing.get_child_at_index(at) for at in range(min(count, 500))]
        except GLib.Error:
            continue
        unseen.extend(child for child in reversed(inside) if child is not None)


def text_of(thing):
    try:
        text = thing.get_text_iface()
        return text.get_text(0, -1) if text else ""
    except (GLib.Error, AttributeError):
        return ""


def wait(found, what):
    """Looks until there is such a thing."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        for thing, role, name in things():
            if found(thing, role, name):
                return thing
        time.sleep(0.5)
    for _, role, name in things():
        if name:
            print(f"    {role}: {name}", file=sys.stderr)
    sys.exit(f"{what!r} never came up; what is there stands above")


def press(words):
    def is_it(_, role, name):
        return role in ("push button", "button") and name.startswith(words)

    wait(is_it, words).get_action_iface().do_action(0)


def keys(words, text):
    """Types into the field of that name."""

    def is_it(_, role, name):
        return role in ("entry", "text") and name.startswith(words)

    wait(is_it, words).get_component_iface().grab_focus()
    time.sleep(0.5)
    subprocess.run(["xdotool", "key", "--clearmodifiers", "ctrl+a"], check=True)
    subprocess.run(["xdotool", "type", "--delay", "30", text], check=True)
    time.sleep(0.5)


def see(words):
    wait(lambda thing, _, name: words in name or words in text_of(thing), words)


if __name__ == "__main__":
    Atspi.init()
    {"press": press, "type": keys, "see": see}[sys.argv[1]](*sys.argv[2:])
