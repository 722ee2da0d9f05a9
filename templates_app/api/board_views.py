"""The boards catalogue in the API. It is the same for every team, so any key reads all of it."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.kit.api_schema import answers, page_of
from console.kit.api_views import ApiView
from templates_app import boards
from templates_app.api.boards import BoardSerializer


class BoardList(ApiView):
    @extend_schema(operation_id="boards_list", responses=answers({200: page_of(BoardSerializer, "BoardPage")}))
    def get(self, request: Request) -> Response:
        """Every board that a template can be made for, in one page."""
        return Response({"next": None, "previous": None, "results": BoardSerializer(boards.BOARDS, many=True).data})


class BoardDetail(ApiView):
    @extend_schema(operation_id="boards_retrieve", responses=answers({200: BoardSerializer}, 404))
    def get(self, request: Request, key: str) -> Response:
        """One board by the key that templates carry."""
        try:
            board = boards.by_key(key)
        except ValueError as error:
            raise Http404 from error
        return Response(BoardSerializer(board).data)
