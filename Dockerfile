# cupel in a container: `docker run --rm -v "$PWD:/work" cupel lint migrations`. docs/ci.md has more.
FROM debian:trixie-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
      ca-certificates cmake g++ libcli11-dev libfmt-dev libpg-query-dev libpq-dev libpugixml-dev libtomlplusplus-dev libyaml-cpp-dev ninja-build nlohmann-json3-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
COPY . /source
# Whatever was built or downloaded beside the sources stays out of it (.dockerignore).
RUN cd /source && cmake --preset release -DCUPEL_BENCHMARKS=OFF && cmake --build --preset release --target cupel

FROM debian:trixie-slim
# git for --since and --staged, libpq for upgrade and the others.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates git libfmt10 libpq5 \
    && rm -rf /var/lib/apt/lists/* \
    # The work tree is mounted and belongs to somebody else; git would refuse it.
    && git config --system --add safe.directory '*'
COPY --from=build /source/build/release/bin/cupel /usr/local/bin/cupel
WORKDIR /work
ENTRYPOINT ["cupel"]
