"""The workflows call what exists and end. Pins and permissions are audited by zizmor, in ``make lint``."""

import re

import pytest
import yaml

from tools.book import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_calls_what_exists(path):
    text = path.read_text(encoding="utf-8")
    verbs = re.search(r"^\.PHONY: (.*)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[1].split()
    called = [verb for line in re.findall(r"run: make (.*)", text) for verb in line.split()]
    assert called or "uses: ./" in text
    assert set(called) <= set(verbs)
    for local in re.findall(r"uses: \./(.*)", text):
        assert (ROOT / local).is_file()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_pinned_action_says_its_version(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"uses: [\w/-]+@[0-9a-f]{40}(?! # v\d).*", text) == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_ends(path):
    for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values():
        assert "uses" in job or job["timeout-minutes"] <= 60


def test_windows_follows_the_readme():
    commands = re.search(
        r"## Without make\n\n```shell\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )[1]
    steps = [
        step.strip() for line in commands.splitlines() for step in re.split(r"&&|#", line)[: 2 if "&&" in line else 1]
    ]
    script = (
        (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8").replace(".venv/Scripts", ".venv/bin")
    )
    assert [step for step in filter(None, steps[1:]) if step not in script] == []
