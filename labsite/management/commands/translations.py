"""``manage.py translations``: collect every text of the page, and compile what is translated.

Django's makemessages and compilemessages for both catalogues at once, with the titles and
descriptions of the experiment files. Needs GNU gettext, which running the lab does not.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import makemessages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.management.base import CommandParser

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
_IGNORED = [".venv", "var", "tests", "node_modules", "benchmarks", "network", "launch"]
_DATES = re.compile(r'^"(POT-Creation-Date|PO-Revision-Date): .*\n', re.MULTILINE)


class Sources(makemessages.BuildFile):
    """A source file; of an experiment file, the texts that a page shows."""

    def preprocess(self) -> None:
        """Write a file that xgettext can read."""
        if not self.path.endswith(".yaml"):
            super().preprocess()
        elif self.is_templatized:
            read = yaml.safe_load(Path(self.path).read_text(encoding="utf-8"))
            lines = [f"gettext_noop({text!r})\n" for text in texts(read)]
            Path(self.work_path).write_text("".join(lines), encoding="utf-8")


def texts(experiment: dict[str, Any]) -> Iterator[str]:
    """Yield the texts of an experiment that a page shows: title, description, step names."""
    yield experiment["title"]
    yield experiment["description"].strip()
    yield experiment["steady-state-hypothesis"]["title"]
    for probe in experiment["steady-state-hypothesis"]["probes"]:
        yield probe["name"]
    for step in (*experiment["method"], *experiment.get("rollbacks", ())):
        yield step["name"]


class Command(makemessages.Command):
    """Bring the catalogues up to date with the sources, then compile them."""

    help = "Collect the texts of the page into locale/, and compile the translations."
    build_file_class = Sources
    # A wrong guess that looks right is worse than a missing translation, which a test finds.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def add_arguments(self, parser: CommandParser) -> None:
        """Add ``--into``, the directory of the catalogues."""
        parser.add_argument("--into", type=Path, default=settings.LOCALE_PATHS[0])

    def handle(self, *_args: Any, **options: Any) -> None:
        """Collect both catalogues, then compile them."""
        self._into: Path = options["into"]
        self._into.mkdir(parents=True, exist_ok=True)
        for domain, extensions in (("django", ["html", "py", "yaml"]), ("djangojs", ["js"])):
            super().handle(**_options(domain, extensions, verbosity=options["verbosity"]))
        for path in self._into.rglob("*.po"):
            path.write_text(_DATES.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")
        if self._into == settings.LOCALE_PATHS[0]:
            call_command("compilemessages", locale=LANGUAGES, ignore_patterns=[".venv"])

    def find_files(self, root: str) -> list[makemessages.TranslatableFile]:
        """List the source files, all for one catalogue."""
        self.default_locale_path = str(self._into)
        self.locale_paths = [self.default_locale_path]
        found: list[makemessages.TranslatableFile] = super().find_files(root)
        for file in found:
            file.locale_dir = self.default_locale_path
        return found


def _options(domain: str, extensions: list[str], *, verbosity: int) -> dict[str, Any]:
    return {
        "locale": LANGUAGES,
        "exclude": [],
        "domain": domain,
        "verbosity": verbosity,
        "all": False,
        "extensions": extensions,
        "symlinks": False,
        "ignore_patterns": [*_IGNORED, "labsite/management"],
        "use_default_ignore_patterns": True,
        "no_wrap": False,
        "no_location": True,
        "add_location": None,
        "no_obsolete": True,
        "keep_pot": False,
    }
