// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * What a split is: a partition of a topic, and the topic's id, which a topic of the same name made later does not have.
 *
 * @param topicId as the cluster tells it
 */
record PartitionId(String topic, Uuid topicId, int partition) {
    private static final String SEPARATOR = " ";

    static PartitionId decode(String description) {
        String[] parts = description.split(SEPARATOR);
        return new PartitionId(parts[0], Uuid.fromString(parts[1]), Integer.parseInt(parts[2]));
    }

    /** As stored with the job. Names of topics have no blanks. */
    String encode() {
        return topic + SEPARATOR + topicId + SEPARATOR + partition;
    }

    TopicPartition topicPartition() {
        return new TopicPartition(topic, partition);
    }

    /** The error that ends reading for good. */
    MillraceException gone(String what) {
        return new MillraceException(
                ErrorCode.SOURCE_GONE,
                what,
                "drop the job and start it anew: what it has read so far can't be read again");
    }

    @Override
    public String toString() {
        return "partition " + partition + " of topic '" + topic + "'";
    }
}
