// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * Where a partition stands: the answer to a greeting, a probe, a gap, and the ack of a delivery. Everything in it is
 * cumulative or absolute, so it may be lost, repeated, overtaken and merged at will.
 *
 * @param input name of the input
 * @param partition index of the partition
 * @param session the session to talk in from now on
 * @param wants what the partition wants next; it may still be busy with rows before that
 * @param applied how far rows have been applied: this acknowledges and gives credit back
 * @param window how much may be unacknowledged
 */
public record Answer(String input, int partition, Session session, Standing wants, Standing applied,
        Window window) implements ToReader {
    @Override
    public Answer withPartition(int index) {
        return new Answer(input, index, session, wants, applied, window);
    }
}
