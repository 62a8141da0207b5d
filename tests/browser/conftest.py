"""Fixtures of the tests in a real Chromium: one browser and one server a module."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.served import chromium, serving


@pytest.fixture(scope="module")
def server(demo_data: Path) -> Iterator[str]:
    with serving(demo_data) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    pytest.importorskip("playwright.sync_api")
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", bypass_csp=True)
    yield context.new_page()
    context.close()
