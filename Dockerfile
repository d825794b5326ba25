# One image for every stage: the stage is the command, such as `python -m services.ingest`.
ARG PYTHON=3.13

# The full image has a compiler: not every locked package has a wheel for every processor.
FROM python:${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/broadsheet
ENV PATH=/opt/broadsheet/bin:$PATH
WORKDIR /source
COPY requirements.lock ./
RUN pip install --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md ./
COPY schemas ./schemas
COPY seeds ./seeds
COPY services ./services
RUN pip install --no-deps . \
    && pip check \
    && pip uninstall --yes pip

FROM python:${PYTHON}-slim
COPY --from=build /opt/broadsheet /opt/broadsheet
ENV PATH=/opt/broadsheet/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    BROADSHEET_HTTP_HOST=0.0.0.0 \
    BROADSHEET_HTTP_PORT=8000 \
    BROADSHEET_LOG_FORMAT=ecs
# The one writable folder a read-only container needs; Faust makes its data folder where it is started.
WORKDIR /tmp
USER 10001:10001
EXPOSE 8000
CMD ["broadsheet", "--help"]
