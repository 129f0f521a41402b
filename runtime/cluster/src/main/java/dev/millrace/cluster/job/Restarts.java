// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.settings.RestartSettings;
import dev.millrace.engine.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Which partitions and readers of a job have failed, and when each is started again.
 *
 * <pre>
 *   well ──failed──▶ waiting ──due──▶ well
 *                       └──too often without progress──▶ suspended, until forgotten
 * </pre>
 */
final class Restarts {
    private final RestartSettings settings;
    private final RandomGenerator random;
    private final Map<String, Member> members = new TreeMap<>();
    private long runningSinceNanos;

    private static final class Member {
        private int restarts;
        private int inARow;
        private int withoutProgress;
        private long progress;
        private long startedNanos;
        private boolean waits;
        private boolean suspended;
        private long dueNanos;
        private ErrorCode code;
        private String reason;

        private String error() {
            return code.id() + " " + reason;
        }
    }

    /**
     * What is suspended.
     *
     * @param count how many members
     * @param who the first of them
     * @param code its kind of failure
     * @param reason why it failed
     */
    record Suspension(int count, String who, ErrorCode code, String reason) {
        @Override
        public String toString() {
            String what = count == 1 ? who + " is suspended" : count + " partitions are suspended, the first is " + who;
            return what + ": " + code.id() + " " + reason + "; RESUME JOB tries again";
        }
    }

    Restarts(RestartSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
    }

    /**
     * All members begin anew.
     *
     * @return those that were suspended or waited
     */
    Set<String> clear(long nowNanos) {
        Set<String> resting = new HashSet<>();
        members.forEach((who, member) -> {
            if (member.waits || member.suspended) {
                resting.add(who);
            }
        });
        members.clear();
        runningSinceNanos = nowNanos;
        return resting;
    }

    /**
     * A member has failed.
     *
     * @param code an error that may pass
     * @param progress grows when the member gets on: the number of its last durable epoch
     * @return whether it is to be started again; else it is suspended
     */
    boolean failed(String who, ErrorCode code, String reason, long progress, long nowNanos) {
        Member member = members.get(who);
        if (member == null) {
            member = new Member();
            member.startedNanos = runningSinceNanos;
            members.put(who, member);
        }
        if (nowNanos - member.startedNanos >= settings.healthyAfter().toNanos()) {
            member.inARow = 0;
            member.withoutProgress = 0;
        }
        if (progress > member.progress) {
            member.progress = progress;
            member.withoutProgress = 0;
        }
        member.code = code;
        member.reason = reason;
        int max = code == ErrorCode.INTERNAL ? settings.brokenRestartsMax() : settings.restartsMax();
        if (member.withoutProgress >= max) {
            member.waits = false;
            member.suspended = true;
            return false;
        }
        member.restarts++;
        member.withoutProgress++;
        member.waits = true;
        member.dueNanos = nowNanos + delayNanos(member.inARow++);
        return true;
    }

    /** What broke the member is out of its way: it begins with the first delay again. */
    void gotOn(String who) {
        Member member = members.get(who);
        if (member != null) {
            member.inARow = 0;
            member.withoutProgress = 0;
        }
    }

    private long delayNanos(int before) {
        long delay = settings.delayMax().toNanos();
        long first = settings.firstDelay().toNanos();
        if (before < Long.numberOfLeadingZeros(first) - 1) {
            delay = Math.min(delay, first << before);
        }
        return delay - (long) (delay * settings.jitter() * random.nextDouble());
    }

    /** Those whose time has come; they count as started. */
    List<String> takeDue(long nowNanos) {
        List<String> due = new ArrayList<>();
        members.forEach((who, member) -> {
            if (member.waits && nowNanos - member.dueNanos >= 0) {
                member.waits = false;
                member.startedNanos = nowNanos;
                due.add(who);
            }
        });
        return due;
    }

    /** Whether the member may be at work now. */
    boolean mayRun(String who) {
        Member member = members.get(who);
        return member == null || !member.waits && !member.suspended;
    }

    boolean isSuspended(String who) {
        Member member = members.get(who);
        return member != null && member.suspended;
    }

    boolean isWaiting(String who) {
        Member member = members.get(who);
        return member != null && member.waits;
    }

    /** How often the member was started again since the job started. */
    int restarts(String who) {
        Member member = members.get(who);
        return member == null ? 0 : member.restarts;
    }

    /** Milliseconds until the member is started again; 0 if it does not wait. */
    long waitMillis(String who, long nowNanos) {
        Member member = members.get(who);
        return member == null || !member.waits ? 0 : Math.max(0, (member.dueNanos - nowNanos) / 1_000_000);
    }

    /** The member's last failure since the job started, or null. */
    String error(String who) {
        Member member = members.get(who);
        return member == null ? null : member.error();
    }

    /** What is suspended and why, or null. */
    Suspension suspension() {
        List<String> suspended = members.keySet().stream().filter(this::isSuspended).toList();
        if (suspended.isEmpty()) {
            return null;
        }
        Member first = members.get(suspended.getFirst());
        return new Suspension(suspended.size(), suspended.getFirst(), first.code, first.reason);
    }

    /** What waits to be started again and why, or null. */
    String interruption() {
        return members.entrySet().stream()
                .filter(entry -> entry.getValue().waits)
                .map(entry -> entry.getKey() + " starts again after: " + entry.getValue().error())
                .findFirst()
                .orElse(null);
    }
}
