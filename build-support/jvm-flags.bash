# SPDX-License-Identifier: Apache-2.0
# Copyright The Millrace Authors
#
# For scripts that start Millrace: jvm_flags COMMAND sets the array flags to the JVM's options for a command of
# Millrace's. The script sets home, and commit if it knows it.

jvm_flags() {
  flags=(
    --sun-misc-unsafe-memory-access=allow
    --enable-native-access=ALL-UNNAMED
    -XX:+UseCompactObjectHeaders
    # A cache that does not fit any more is left aside by the JVM without a word.
    "-Xlog:aot*=off,cds*=off"
    -Dstdout.encoding=UTF-8
    -Dstderr.encoding=UTF-8
    "-Dmillrace.home=$home"
    "-Dmillrace.commit=${commit:-unknown}"
  )
  # Named always: left to itself, the JVM takes the serial collector where it sees one processor.
  case " ${MILLRACE_JAVA_OPTS:-} " in
    *" -XX:+Use"*"GC "*) ;;
    *) flags+=(-XX:+UseParallelGC) ;;
  esac
  # What follows is for those who stay.
  case ${1:-} in
    server | bench) ;;
    *) return 0 ;;
  esac
  # The state of a job comes into being in the young generation and is copied out of it: the larger that is, the longer
  # everything stands still for it. What isn't state needs little. A smaller heap has a smaller one anyway.
  if has_room_for_512m; then
    flags+=(-XX:MaxNewSize=512m)
  fi
  # Large tables are searched faster in huge pages, but a start takes a tenth longer.
  local huge_pages=/sys/kernel/mm/transparent_hugepage/enabled
  if [ -r $huge_pages ] && [[ $(<$huge_pages) != *"[never]"* ]]; then
    flags+=(-XX:+UseTransparentHugePages)
  fi
}

# Whether the heap is larger than that, and the options don't say themselves how large its young part is to be.
has_room_for_512m() {
  local options=" ${MILLRACE_JAVA_OPTS:-} " total
  case $options in
    *" -Xmn"* | *"NewSize="* | *"MaxHeapSize="*) return 1 ;;
  esac
  if [[ $options =~ " -Xmx"([^ ]*)" " ]]; then
    [[ ${BASH_REMATCH[1]} =~ ^([0-9]+[gG]|[1-9][0-9]{3,}[mM])$ ]]
    return
  fi
  # A heap is a quarter of the memory, or more.
  [ ! -r /proc/meminfo ] || { read -r _ total _ </proc/meminfo && [ "$total" -ge $((4 << 20)) ]; }
}
