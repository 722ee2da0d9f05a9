"""Cursor pages: a page tells the addresses of its neighbours, and rows that arrive in between shift nothing."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit.problems import Invalid

PAGE_SIZE_MAX = 200
LARGEST_NUMBER = 2**63 - 1


class CursorPages(CursorPagination):
    """Pages in the order of `ordering`; its first field is a number, or a time named `…at`."""

    page_size_query_param = "page_size"
    max_page_size = PAGE_SIZE_MAX
    template = None

    def __init__(self, *ordering: str) -> None:
        self.ordering = ordering

    def get_page_size(self, request: Request) -> int:
        asked = request.query_params.get("page_size")
        if asked is None:
            return int(settings.PAGE_SIZE)
        if not (asked.isascii() and asked.isdigit() and len(asked) <= 4 and 1 <= int(asked) <= PAGE_SIZE_MAX):
            raise Invalid(f"A page has 1 to {PAGE_SIZE_MAX} rows.", field="page_size")
        return int(asked)

    def decode_cursor(self, request: Request) -> Cursor | None:
        encoded = request.query_params.get(self.cursor_query_param)
        if encoded is None:
            return None
        try:
            cursor = super().decode_cursor(request)
        except NotFound:
            cursor = None
        if cursor is None or not self._is_usable(cursor):
            raise Invalid("This is not a cursor of ours. Take it from a page's next or previous.", field="cursor")
        return cursor

    def _is_usable(self, cursor: Cursor) -> bool:
        """Whether the database can compare the position with the column that the pages are ordered by."""
        if cursor.position is None:
            return bool(cursor.offset)
        position = str(cursor.position)
        if not self.ordering[0].endswith("at"):
            return position.isascii() and position.isdigit() and len(position) <= 19 and int(position) <= LARGEST_NUMBER
        try:
            moment = parse_datetime(position)
        except ValueError:
            return False
        return moment is not None and moment.tzinfo is not None


def page(
    request: Request,
    rows: QuerySet[Any],
    shape: type[serializers.BaseSerializer[Any]],
    *ordering: str,
    **context: Any,
) -> Response:
    """One cursor page of `rows` in the order of `ordering`, each row as `shape` with `context` tells it."""
    pages = CursorPages(*ordering)
    found = pages.paginate_queryset(rows, request)
    return pages.get_paginated_response(shape(found, many=True, context=context).data)
