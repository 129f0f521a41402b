// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.checkpoint;

import dev.millrace.checkpointing.codec.EpochSummary;
import dev.millrace.checkpointing.verify.StoredEvent;
import dev.millrace.checkpointing.verify.StoredLog;
import dev.millrace.checkpointing.verify.StoredSnapshot;

/** What one log holds, added up as it is read. Deleted events don't count. */
public final class LogSummary {
    private final LogId id;
    private StoredLog files;
    private long events;
    private long firstEpoch;
    private long lastEpoch;
    private long stateBytes;
    private long outboxBytes;
    private int snapshots;
    private long newestMillis;

    LogSummary(LogId id) {
        this.id = id;
    }

    void add(StoredEvent event) {
        events++;
        newestMillis = Math.max(newestMillis, event.timeMillis());
        if (event.content() instanceof EpochSummary epoch) {
            firstEpoch = firstEpoch == 0 ? epoch.epoch() : firstEpoch;
            lastEpoch = epoch.epoch();
            stateBytes += epoch.stateBytes();
            outboxBytes += epoch.rowsBytes();
        }
    }

    void add(StoredSnapshot snapshot) {
        snapshots++;
        newestMillis = Math.max(newestMillis, snapshot.timeMillis());
    }

    void end(StoredLog log) {
        files = log;
    }

    /** Whether there is anything in it; what is left of a dropped job's log is empty. */
    boolean isEmpty() {
        return events == 0 && snapshots == 0;
    }

    public LogId id() {
        return id;
    }

    /** Its files, and what is said of them as a whole. */
    public StoredLog files() {
        return files;
    }

    public long events() {
        return events;
    }

    /** The first epoch, 0 if there is none. */
    public long firstEpoch() {
        return firstEpoch;
    }

    /** The last epoch, 0 if there is none. */
    public long lastEpoch() {
        return lastEpoch;
    }

    /** Bytes of the portions of state, before compression. */
    public long stateBytes() {
        return stateBytes;
    }

    /** Bytes of the encoded rows, before compression. */
    public long outboxBytes() {
        return outboxBytes;
    }

    public int snapshots() {
        return snapshots;
    }

    /** When the newest event or snapshot was written, in milliseconds since 1970. */
    public long newestMillis() {
        return newestMillis;
    }
}
