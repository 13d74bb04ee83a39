#!/bin/sh
# Builds the dashboard into the classes of the server: build.sh TARGET. Called by Maven.
# Sources are copied, so that nothing is written beside them. Without Node, or where its packages
# cannot be had, nothing is built, and the server says at / how to add the page; with
# TUTTI_PAGE=needed that fails the build.
set -eu
web=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
target=$1
work=$target/web
page=$target/classes/dev/tutti/server/web

without() {
    echo "dashboard: SKIPPED, $1; the rest is built without it"
    [ "${TUTTI_PAGE:-}" != needed ] || exit 1
    exit 0
}

command -v node >/dev/null && command -v npm >/dev/null || without "there is no node and npm on the PATH"

mkdir -p "$work"
sum() { find "$@" -type f ! -path '*/node_modules/*' -exec cksum {} + | sort; }

cd "$web"
sources=$(sum .)
if [ -f "$page/index.html" ] && [ -f "$work/built" ] && [ "$sources" = "$(cat "$work/built")" ]; then
    exit 0
fi
rm -rf "$work/src" "$work/built" "$page"
for entry in ./* ./.npmrc; do
    [ "$entry" = ./node_modules ] || cp -R "$entry" "$work/"
done

cd "$work"
locked=$(cat package-lock.json .npmrc | cksum)
if [ ! -d node_modules ] || [ "$locked" != "$(cat locked 2>/dev/null || true)" ]; then
    rm -f locked
    npm ci --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error >npm.log 2>&1 ||
        without "its packages could not be had (target/web/npm.log)"
    printf '%s' "$locked" >locked
fi
node_modules/.bin/tsc --noEmit
node_modules/.bin/vite build --logLevel warn --outDir "$page" --emptyOutDir
# The views of a run as two files, which `tutti export` writes into its own.
node_modules/.bin/vite build --logLevel warn --config vite.file.config.ts --outDir "$page/file" --emptyOutDir
# What ELK works by is in the page already, under a name that changes with it.
(cd "$page" && ls assets/elk-worker*) >"$page/file/worker"
printf '%s' "$sources" >built
