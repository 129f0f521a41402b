// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.cluster.status.Backpressure;

/**
 * How the lane of a reader to one partition stands.
 *
 * @param stage number of the partition's stage
 * @param index number of the partition in it
 * @param backpressure how full it is
 */
public record LaneReport(int stage, int index, Backpressure backpressure) {}
