// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * A lane that waits too long for an ack asks where the partition stands.
 *
 * @param input name of the input
 * @param session the session that the lane goes by
 * @param sent where the partition stands when it has had all that the lane has sent
 * @param <D> rows, of which a probe has none
 */
public record Probe<D>(String input, Session session, Standing sent) implements ToPartition<D> {}
