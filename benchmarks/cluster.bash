# SPDX-License-Identifier: Apache-2.0
# Copyright The Millrace Authors
#
# Sourced by benchmarks/run: several nodes on this machine, at loopback's addresses, that come and go under load.

# Heap of each node; they share the machine.
NODE_JAVA_OPTS=${NODE_JAVA_OPTS:--Xms1g -Xmx1g}
NODE_PORT=25601
NODE_HTTP_PORT=18941
declare -A node_pids=()

seeds() {
  echo "127.0.0.1:$NODE_PORT,127.0.0.2:$NODE_PORT,127.0.0.3:$NODE_PORT"
}

# Starts node $1 of 1 to 3.
start_node() {
  (MILLRACE_JAVA_OPTS="$NODE_JAVA_OPTS" exec "$home/millrace" server --host "127.0.0.$1" --port "$NODE_PORT" \
    --http $((NODE_HTTP_PORT + $1)) --state "$results/cluster" --seed "$(seeds)") >"$results/node$1.log" 2>&1 &
  node_pids[$1]=$!
}

await_node() {
  until curl -sf "http://127.0.0.1:$((NODE_HTTP_PORT + $1))/ready" >/dev/null; do sleep 0.1; done
}

# Ends node $1 with signal $2.
end_node() {
  kill "-$2" "${node_pids[$1]}"
  wait "${node_pids[$1]}" 2>/dev/null || true
  unset "node_pids[$1]"
}

end_nodes() {
  local node
  for node in "${!node_pids[@]}"; do end_node "$node" TERM; done
}

# A field of the job, asked of node 1.
load_field() {
  curl -s "http://127.0.0.1:$((NODE_HTTP_PORT + 1))/api/v1/jobs/load" | sed -nE "s/.*\"$1\": ?\"?([^,\"}]*)\"?.*/\1/p" |
    head -n 1 || true
}

millis() {
  echo $(($(date +%s%N) / 1000000))
}

# S2 at $rate rows a second by the clock.
submit_load() {
  began_millis=$(millis)
  cat >"$results/load.sql" <<SQL
SET 'partitions' = '$partitions';
SET 'job.name' = 'load';
CREATE TABLE market WITH ('connector' = 'workload', 'workload' = 'market', 'rows-per-second' = '$rate',
  'start-millis' = '$began_millis');
CREATE TABLE nowhere (trader STRING, symbol STRING, n BIGINT, price DOUBLE, quantity BIGINT, total DOUBLE)
  WITH ('connector' = 'blackhole');
INSERT INTO nowhere SELECT trader_id, symbol, COUNT(*), AVG(price), SUM(quantity), SUM(price * quantity) FROM market
  GROUP BY trader_id, symbol EMIT CHANGES;
SQL
  "$home/millrace" submit "$results/load.sql" --server "http://127.0.0.1:$((NODE_HTTP_PORT + 1))" >/dev/null 2>&1
  until [ "$(load_field rows_read)" -gt 0 ] 2>/dev/null; do sleep 0.1; done
  # The first seconds are those of compilers.
  sleep 10
}

# How far the job is behind the clock, in milliseconds of input; partitions report ten times a second.
lag_millis() {
  local read now
  read=$(load_field rows_read)
  now=$(millis)
  echo $((now - began_millis - ${read:-0} * 1000 / rate))
}

# Lags of the next $1 seconds, ten a second: the largest, and the last.
watch_lag() {
  local until=$(($(millis) + $1 * 1000)) lag most=-1000000
  while [ "$(millis)" -lt "$until" ]; do
    lag=$(lag_millis)
    [ "$lag" -le "$most" ] || most=$lag
    sleep 0.1
  done
  echo "$most $lag"
}

# Pauses of all moves that the job tells of, in milliseconds.
pauses() {
  curl -s "http://127.0.0.1:$((NODE_HTTP_PORT + 1))/api/v1/jobs/load/moves" | grep -oE '"pause_millis": ?[0-9]+' |
    grep -oE '[0-9]+$' | sort -n | awk '{ v[NR] = $1 }
      END { if (NR) printf "%d moves, pause p50 %d ms, p99 %d ms, largest %d ms\n", NR, v[int((NR + 1) / 2)],
        v[int(NR * 0.99 + 0.999)], v[NR]; else print "no moves" }'
}

# Minutes of S2 at a rate; each minute a second node joins, and leaves half a minute later.
growing() {
  local minute minutes joined left rss
  minutes=$((${duration%min} + 0)) || fail "growing takes a --duration in minutes, such as 10min"
  machine
  echo "S2 at $rate rows/s, $partitions partitions, checkpoints each second to a directory that the nodes share,"
  echo "$NODE_JAVA_OPTS a node; each minute a second node joins (127.0.0.2), and half a minute later it leaves (SIGTERM)"
  echo
  start_node 1
  await_node 1
  submit_load
  for ((minute = 1; minute <= minutes; minute++)); do
    start_node 2
    joined=$(watch_lag 30)
    kill -TERM "${node_pids[2]}"
    left=$(watch_lag 30)
    wait "${node_pids[2]}" 2>/dev/null || true
    rss=$(awk '/^VmRSS/ { printf "%d", $2 / 1024 }' "/proc/$(pgrep -P "${node_pids[1]}" java || echo "${node_pids[1]}")/status")
    printf 'minute %2d  lag with two nodes: largest %5d ms, at last %4d ms; with one again: largest %5d ms, at last %4d ms; ' \
      "$minute" $joined $left
    printf 'first node %d MB\n' "$rss"
  done
  echo
  pauses
  echo "rows read: $(load_field rows_read); state: $(load_field state); restarts and failures: $(load_field problem)"
  end_nodes
}

# Three nodes at a rate, of which one is killed at a time: from the kill until all partitions give results again.
killed() {
  local run victim before start
  machine
  echo "S2 at $rate rows/s on three nodes, $partitions partitions; kill -9 of one, then until all partitions run, and the"
  echo "job is where the clock is again"
  echo
  for victim in 1 2 3; do start_node $victim; done
  for victim in 1 2 3; do await_node $victim; done
  submit_load
  sleep 20
  for ((run = 1; run <= runs; run++)); do
    victim=$((2 + run % 2))
    start=$(millis)
    end_node $victim KILL
    # The state is told anew when the cluster has noticed.
    until [ "$(load_field state)" != running ] || [ $(($(millis) - start)) -gt 3000 ]; do sleep 0.05; done
    until [ "$(lag_millis)" -lt 1000 ] && [ "$(load_field state)" = running ]; do sleep 0.05; done
    echo "run $run     node $victim killed, $(($(millis) - start)) ms until the job has caught up"
    start_node $victim
    await_node $victim
    sleep 15
  done
  echo
  pauses
  end_nodes
}
