# The commands of README.md, in an image. Build: docker build -t rivulet .
# Run: docker run --init -p 127.0.0.1:3000:3000 -v rivulet:/data -e PUBLIC_URL=https://notebooks.example.org rivulet
FROM node:22-bookworm-slim AS build

# What is compiled where nothing ready-made can be fetched: SQLite's driver, against the headers that the image has.
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
ENV npm_config_nodedir=/usr/local

WORKDIR /app
COPY . .
RUN npx -y pnpm@10 install --frozen-lockfile && npx -y pnpm@10 build

FROM node:22-bookworm-slim

# The wall around the SQL engine. It works where the container lets bubblewrap have namespaces and a /proc of its own, which few do
# unasked; elsewhere the engine runs without it (SQL_SANDBOX=required refuses that instead). docs/operations.md says how to allow it.
RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap && rm -rf /var/lib/apt/lists/*

COPY --from=build /app /app

ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
RUN install --directory --mode=700 --owner=node --group=node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

# What `pnpm start` runs, without pnpm in between: the signal to stop reaches the server itself.
# `docker stop -t 15`: a stop takes up to STOP_GRACE_SECONDS and five more.
STOPSIGNAL SIGTERM
WORKDIR /app/server
CMD ["node", "--max-semi-space-size=4", "--heap-growing-percent=60", "dist/main.js"]
