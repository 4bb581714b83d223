#!/bin/sh
# The main job from end to end: a market, two strategies, their results; then the page, on which two more trade on a
# practice exchange. Everything lands under ./data. With a number of seconds the last part ends by itself.
set -eu
tradewright=.venv/bin/tradewright
pair=BTC/USDT:USDT

say() {
    printf '\n$ tradewright %s\n' "$*"
    "$tradewright" "$@"
}

say data synth --instrument "$pair" --timeframe 1m --days 30 --seed 7
say backtest smc --instrument "$pair" --venue synthetic --timeframe 15m --htf 4h
say backtest ma_crossover --instrument "$pair" --venue synthetic --timeframe 5m
say results list
if [ -n "${1:-}" ]; then
    say demo --page --seconds "$1"
else
    say demo --page
fi
printf '\nThe reports are in data/reports: open a report.html in a browser, or: %s results open ID\n' "$tradewright"
printf 'The same in the terminal, with keys: %s demo\n' "$tradewright"
