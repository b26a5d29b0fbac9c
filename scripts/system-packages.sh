#!/bin/sh
# The tests use a real browser, a real Neo4j server (a JDK and Maven) and Spark (the JDK). Installs what is missing where that is
# allowed, and otherwise names it in one line that can be pasted.
set -u
missing=""
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
    || missing="chromium fonts-dejavu fonts-noto-core"
command -v javac >/dev/null || missing="$missing default-jdk-headless"
command -v mvn >/dev/null || missing="$missing maven"
[ -n "$missing" ] || exit 0
command -v apt-get >/dev/null || { echo "the tests also need: $missing" >&2; exit 0; }
if [ "$(id -u)" = 0 ]; then sudo=""; elif sudo -n true 2>/dev/null; then sudo="sudo -n"; else
    echo "the tests also need: sudo apt-get update && sudo apt-get install -y $missing" >&2
    exit 0
fi
$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null \
    || echo "could not install: $missing; the tests that need them will say so" >&2
