// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.reader;

import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.connector.SplitReader;
import dev.millrace.engine.plan.EventTime;

/** One of the places at which a split is read: the source's reader there, and the clock of its rows. */
final class ReadingPlace {
    private final Source source;
    private final Split split;
    private final EventClock clock;
    private SplitReader reader;
    /** Nothing is at hand: the next read waits until the source may have something. */
    private boolean resting;

    ReadingPlace(Source source, Split split, EventTime eventTime) {
        this.source = source;
        this.split = split;
        clock = new EventClock(eventTime);
    }

    /** Reads on at a position, with the split's watermark there. */
    void seek(long position, long watermark) {
        leave();
        reader = source.open(split, position);
        clock.seek(watermark);
        resting = false;
    }

    /** Reads nothing for now. */
    void leave() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    /** The source's reader; null before the first {@link #seek} and after {@link #leave}. */
    SplitReader reader() {
        return reader;
    }

    EventClock clock() {
        return clock;
    }

    boolean isResting() {
        return resting;
    }

    void rest(boolean nowRests) {
        resting = nowRests;
    }

    /** What keeps the source from giving anything for now, or null when all is well. */
    String problem() {
        return reader == null ? null : reader.problem();
    }
}
