# SPDX-License-Identifier: Apache-2.0
# Copyright The Millrace Authors
#
# For scripts that start a JVM: find_jdk sets java_home, jdk_major and jdk_build, or ends the script. The script brings
# the function say. MILLRACE_JAVA names a JDK's folder or java command to use instead of searching for one.
# A script that only runs what is built sets NO_COMPILER=yes: a runtime without javac will do then.

JAVA_VERSION_MIN=25

# Sets jdk_major and jdk_build of the JDK in folder $1 without starting it; fails if there is none.
inspect_jdk() {
  jdk_major=0 jdk_build=
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  [ "${NO_COMPILER:-}" = yes ] || [ -x "$1/bin/javac" ] || return 1
  local line value
  while IFS= read -r line || [ -n "$line" ]; do
    value=${line#*=}
    value=${value//\"/}
    case $line in
      JAVA_VERSION=*)
        jdk_major=${value%%[!0-9]*}
        jdk_major=${jdk_major:-0}
        ;;
      JAVA_RUNTIME_VERSION=*) jdk_build=${value//[!A-Za-z0-9.+-]/} ;;
    esac
  done <"$1/release"
}

# Prints the folder of the JDK that the java command $1 belongs to.
folder_of() {
  local command=$1 target
  while [ -L "$command" ]; do
    target=$(readlink "$command")
    case $target in
      /*) command=$target ;;
      *) command=${command%/*}/$target ;;
    esac
  done
  (cd "${command%/*}/.." 2>/dev/null && pwd -P)
}

find_jdk() {
  local candidate best= best_major=0 seen=
  if [ -n "${MILLRACE_JAVA:-}" ]; then
    java_home=$MILLRACE_JAVA
    if [ ! -d "$java_home" ]; then
      java_home=$(folder_of "$(command -v "$MILLRACE_JAVA" || printf %s "$MILLRACE_JAVA")") || java_home=
    fi
    if ! inspect_jdk "$java_home" || [ "$jdk_major" -lt "$JAVA_VERSION_MIN" ]; then
      say "MR-6801  MILLRACE_JAVA is not a JDK $JAVA_VERSION_MIN or later: $MILLRACE_JAVA"
      say "  give the folder of a JDK (with bin/java and bin/javac), or unset MILLRACE_JAVA to have one searched for"
      exit 2
    fi
    return
  fi
  for candidate in "${JAVA_HOME:-}" "$(command -v java || true)"; do
    [ -n "$candidate" ] || continue
    [ -d "$candidate" ] || candidate=$(folder_of "$candidate") || continue
    if inspect_jdk "$candidate"; then
      if [ "$jdk_major" -ge "$JAVA_VERSION_MIN" ]; then
        java_home=$candidate
        return
      fi
      seen="$seen $jdk_major ($candidate)"
    fi
  done
  for candidate in /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*/jdk* \
    "${HOME:-/}"/.sdkman/candidates/java/* "${HOME:-/}"/.jdks/* "${HOME:-/}"/.local/share/mise/installs/java/* \
    "${HOME:-/}"/.asdf/installs/java/* "${HOME:-/}"/.jabba/jdk/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-/}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    inspect_jdk "$candidate" || continue
    # The release that Millrace is tested with comes first; among the others the oldest that will do.
    if [ "$jdk_major" -ge "$JAVA_VERSION_MIN" ] && { [ -z "$best" ] || [ "$jdk_major" -lt "$best_major" ]; }; then
      best=$candidate best_major=$jdk_major
    fi
  done
  if [ -z "$best" ]; then
    say "MR-6801  no JDK $JAVA_VERSION_MIN or later found"
    [ -z "$seen" ] || say "  found, but too old:$seen"
    say "  looked at JAVA_HOME, java on the PATH, and the usual folders such as /usr/lib/jvm and ~/.sdkman"
    say "  install one (for example Eclipse Temurin $JAVA_VERSION_MIN), or set MILLRACE_JAVA to the folder of one"
    exit 2
  fi
  java_home=$best
  inspect_jdk "$java_home"
}
