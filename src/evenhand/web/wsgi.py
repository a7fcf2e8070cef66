"""The application object that gunicorn serves: `evenhand.web.wsgi:application`, made when a server asks for it."""

import os

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

from evenhand.errors import BadInput, Message, Problem

__all__: list[str] = []

_NO_HOME = Message(
    "WEB-05",
    zh="没有设置 EVENHAND_HOME。请设为数据目录（存放数据库和签名密钥），或者用 evenhand serve 启动。",
    en="EVENHAND_HOME is not set. Set it to the data folder (database, signing key), or start with `evenhand serve`.",
)


def __getattr__(name: str) -> WSGIHandler:
    """Make the application; the settings would otherwise take a folder that is thrown away (WEB-05)."""
    if name != "application":
        raise AttributeError(name)
    if not os.environ.get("EVENHAND_HOME"):
        raise BadInput(Problem(_NO_HOME))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.web.settings")
    return get_wsgi_application()
