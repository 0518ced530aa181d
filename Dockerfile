# The action's image. The runner builds it from this folder, without build arguments, and starts it as root: the
# program is the supervisor, and drops what it starts to the user `agent`.

# A release pins this base, and the Node image below, by digest.
FROM docker.io/library/python:3.12-slim-bookworm AS wheel
WORKDIR /src
COPY requirements/build.lock requirements/
RUN python -m venv --without-pip /build \
    && python -m pip --python /build install --no-cache-dir --disable-pip-version-check --quiet \
        --root-user-action=ignore --require-hashes --only-binary :all: -r requirements/build.lock
COPY pyproject.toml README.md LICENSE ./
COPY prompts prompts
COPY autocoder_action autocoder_action
RUN python -m pip --python /build wheel --no-cache-dir --disable-pip-version-check --quiet \
        --no-deps --no-build-isolation --wheel-dir /wheels .


FROM docker.io/library/python:3.12-slim-bookworm
SHELL ["/bin/bash", "-o", "pipefail", "-c"]

# What the applications being built need: git, a C toolchain, and setpriv to drop privileges. Debian's own security
# support decides the versions.
# hadolint ignore=DL3008
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        build-essential ca-certificates git util-linux \
    && rm -rf /var/lib/apt/lists/*

COPY --from=docker.io/library/node:24-bookworm-slim /usr/local/bin/node /usr/local/bin/node
COPY --from=docker.io/library/node:24-bookworm-slim /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
    && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx

# The agent's user: neither root, nor 1001, who owns the workspace on GitHub's runners.
RUN groupadd --gid 1500 agent \
    && useradd --uid 1500 --gid 1500 --create-home --home-dir /home/agent --shell /bin/bash agent \
    && chmod 0700 /home/agent

# The program in an environment of its own, so that nothing an application installs can change it. Compiled now,
# because nothing is written there later and every run starts from the image.
COPY requirements/runtime.lock /opt/requirements.lock
RUN python -m venv --without-pip /opt/autocoder \
    && python -m pip --python /opt/autocoder install --no-cache-dir --disable-pip-version-check --quiet \
        --root-user-action=ignore --require-hashes --only-binary :all: -r /opt/requirements.lock
# A copy, not a mount: builders know from its content when the next step must run again.
COPY --from=wheel /wheels /opt/wheels
RUN python -m pip --python /opt/autocoder install --no-cache-dir --disable-pip-version-check --quiet \
        --root-user-action=ignore --no-index --no-deps /opt/wheels/*.whl
# The base comes without Python's own library compiled, and would compile it anew at each start.
RUN python -m compileall -q -x '/(test|site-packages|lib2to3)/' "$(python -c 'import os; print(os.path.dirname(os.__file__))')"

# PYTHONSAFEPATH: the working directory is the repository being built, and its modules must never be imported.
ENV PYTHONSAFEPATH=1 \
    PYTHONDONTWRITEBYTECODE=1

LABEL org.opencontainers.image.title="autocoder-action" \
      org.opencontainers.image.description="Builds an application from a spec, one bounded agent session per run." \
      org.opencontainers.image.licenses="Apache-2.0"

# Absolute, because a workflow's environment can change PATH; isolated (-I), because it can also set PYTHONPATH; -u, so
# that the log shows a line when it is written. No USER: the runner's files belong to others, and the supervisor is root.
ENTRYPOINT ["/opt/autocoder/bin/python", "-I", "-u", "-m", "autocoder_action"]
