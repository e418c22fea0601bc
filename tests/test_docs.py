"""The API's page for developers asks nobody else for its scripts."""

import re

from fastapi.testclient import TestClient

from tests.test_chat import client, services  # noqa: F401 - fixtures


def test_what_the_page_of_the_api_loads_is_here(client: TestClient) -> None:  # noqa: F811
    page = client.get("/docs").text
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(loaded) >= 3
    for address in loaded:
        assert address.startswith("/")
        assert client.get(address).status_code == 200
