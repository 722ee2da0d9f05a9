# One image for web, gateway, worker and beat; docker-compose.yml says which command each runs.
FROM python:3.13-slim-bookworm AS build
COPY --from=ghcr.io/astral-sh/uv:0.13 /uv /bin/uv
WORKDIR /app
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
COPY pyproject.toml uv.lock .python-version ./
RUN uv sync --frozen --no-default-groups
COPY . .
RUN SECRET_KEY=only-for-collectstatic DATABASE_URL=postgresql://build/none STATIC_ROOT=/app/staticfiles \
    .venv/bin/python manage.py collectstatic --noinput --verbosity=0

FROM python:3.13-slim-bookworm
RUN useradd --system --create-home --home-dir /home/landfall landfall
WORKDIR /app
COPY --from=build --chown=root:root /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 DEBUG=0 STATIC_ROOT=/app/staticfiles LOG_FORMAT=json
USER landfall
EXPOSE 8000 8080 9443
CMD ["gunicorn", "console.wsgi", "--bind=0.0.0.0:8000", "--worker-class=gthread", "--threads=8", "--workers=2", "--no-control-socket"]
