#!/bin/sh
# Resolve what pyproject.toml and requirements/*.in ask for. Pins stay unless arguments say otherwise (--upgrade).
set -eu
compile() {
    target=requirements/$1.txt
    shift
    .uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
        --output-file "$target" "$@"
    echo "$target: $(grep -c == "$target") packages"
}

compile bootstrap requirements/bootstrap.in "$@"
compile build requirements/build.in "$@"
compile core pyproject.toml "$@"
compile backtrader pyproject.toml --extra backtrader "$@"
compile dev pyproject.toml --group dev "$@"
compile docs --group docs "$@"
compile node requirements/node.in "$@"
for wishes in requirements/bench-*.in requirements/client-*.in requirements/bot-*.in; do
    compile "$(basename "$wishes" .in)" "$wishes" "$@"
done
