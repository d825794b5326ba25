"""`broadsheet search-eval`: index documents into a scratch index and run queries through the code the desk uses."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from typing import TYPE_CHECKING, Any

from elasticsearch.helpers import async_bulk

from services.desk.query_language import QueryError
from services.desk.search import Search, request
from services.text import fields
