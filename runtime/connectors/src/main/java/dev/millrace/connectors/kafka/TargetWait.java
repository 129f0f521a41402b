// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What a sink does while the brokers take nothing: notes since when, and looks whether they ever will. */
final class TargetWait {
    private static final Duration LOOK_AGE_MAX = Duration.ofMillis(1_500);

    private final String topic;
    private final ClientSettings settings;
    private final Clock clock;
    private boolean missing;
    private volatile boolean givenUp;
    private volatile Instant since;

    TargetWait(String topic, ClientSettings settings, Clock clock) {
        this.topic = topic;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Nothing moves. Asks the brokers for the topic, which takes some seconds at most.
     *
     * @throws MillraceException if waiting longer is of no use
     */
    void look(Cluster cluster) {
        checkWanted();
        if (since == null) {
            since = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        }
        Cluster.TopicState state = cluster.look(topic, LOOK_AGE_MAX);
        if (state.failure() != null && !KafkaErrors.isUnreachable(state.failure())) {
            throw state.failure();
        }
        if (state.isMissing() && missing) {
            throw new MillraceException(
                    ErrorCode.TOPIC_NOT_FOUND,
                    "topic '" + topic + "' does not exist any more at the brokers " + settings.servers(),
                    "create it again, then resume the job");
        }
        // A broker that has just started may not know its topics yet: asked twice before it is believed.
        missing = state.isMissing();
    }

    /** Something moved. */
    void isOver() {
        since = null;
    }

    /** Nobody wants the rows any more. */
    void giveUp() {
        givenUp = true;
    }

    boolean isGivenUp() {
        return givenUp;
    }

    void checkWanted() {
        if (givenUp) {
            throw new MillraceException(
                    ErrorCode.SINK_FAILED, "rows for topic '" + topic + "' are given up: the job is ending", null);
        }
    }

    /** As {@link dev.millrace.engine.connector.Sink#problem}. */
    String problem() {
        Instant start = since;
        return start == null ? null
                : "the brokers " + settings.servers() + " take no rows for topic '" + topic + "' since " + start;
    }
}
