// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.status;

/**
 * A partition or a reader of a job has gone on on another node.
 *
 * @param member who: {@code partition 0/3}, {@code reader 0.0.1}
 * @param from host and port of the node that it was on
 * @param to host and port of the node that it is on since then
 * @param atMillis when it was at work again
 * @param pauseMillis for how long it did nothing: since it was told to move, or, if its node is lost, since it was last
 *     heard
 */
public record Move(String member, String from, String to, long atMillis, long pauseMillis) {}
