// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.checkpoint;

import dev.millrace.checkpointing.ImageComplete;
import dev.millrace.checkpointing.codec.EpochSummary;
import dev.millrace.checkpointing.verify.StoredEvent;
import dev.millrace.checkpointing.verify.StoredSnapshot;
import dev.millrace.cluster.partition.EpochHeader;
import dev.millrace.cluster.partition.KeeperEvent;
import dev.millrace.cluster.protocol.EpochLog;
import dev.millrace.engine.error.MillraceException;

/**
 * Reads the log of a partition as the partition would at its start. Where slots are missing it says nothing: who reads
 * the files tells of them.
 */
final class LogRules {
    private final String id;
    private final EpochLog log;
    private StoredSnapshot newest;
    private long expected;
    private boolean silent;

    LogRules(String id) {
        this.id = id;
        log = new EpochLog(id);
    }

    void snapshot(StoredSnapshot snapshot) {
        if (snapshot.content() instanceof ImageComplete) {
            newest = snapshot;
        }
    }

    /** @return what is wrong with the log at this event, or null */
    String event(StoredEvent event) {
        if (silent || newest != null && event.sequenceNr() <= newest.sequenceNr()) {
            return null;
        }
        if (expected == 0) {
            begin();
        }
        if (event.sequenceNr() != expected) {
            silent = true;
            return null;
        }
        expected++;
        try {
            switch (event.content()) {
                case KeeperEvent.Started started -> log.started(started.incarnation());
                case KeeperEvent.Shut shut -> log.shut(shut.incarnation(), shut.generation());
                case EpochSummary epoch -> {
                    log.epoch(epoch.epoch(), epoch.incarnation(), epoch.begins());
                    EpochHeader.read(epoch.header());
                }
                default -> throw new IllegalStateException("it holds " + event.content() + ", which is not an epoch");
            }
            return null;
        } catch (MillraceException | IllegalStateException e) {
            silent = true;
            return reason(e);
        }
    }

    private void begin() {
        expected = 1;
        if (newest != null && newest.content() instanceof ImageComplete image) {
            expected = newest.sequenceNr() + 1;
            log.image(newest.sequenceNr(), image.firstEpoch(), image.lastEpoch(), image.incarnation());
        }
    }

    /** @return what is wrong with the log as a whole, or null */
    String end() {
        if (silent || expected == 0) {
            return null;
        }
        try {
            log.claim(Long.MAX_VALUE);
            return null;
        } catch (MillraceException e) {
            return reason(e);
        }
    }

    private String reason(RuntimeException e) {
        String prefix = "the log of partition " + id + " is damaged: ";
        return e.getMessage().startsWith(prefix) ? e.getMessage().substring(prefix.length()) : e.getMessage();
    }
}
