// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.status;

import java.util.List;

/**
 * A partition as an operator sees it.
 *
 * @param stage number of its stage
 * @param index number in the stage
 * @param progress what it has done
 * @param epoch the last epoch that is durable, 0 if there is none
 * @param watermark its watermark in milliseconds, {@link Long#MIN_VALUE} before the first row
 * @param slowestInput the input that holds the watermark, or null if all are finished or idle
 * @param state where it stands
 * @param restarts how often it was started again, after a failure, since the job started
 * @param restartMillis milliseconds until it is started again, 0 unless it waits for that
 * @param node host and port of the node that it is on, or null if that is not known
 * @param error its last failure since the job started, code and reason, or null
 * @param backpressure how full the lanes are that lead to it
 * @param hotKeys the keys that have at least a tenth of its recent rows, the hottest first
 */
public record PartitionStatus(int stage, int index, JobProgress progress, long epoch, long watermark,
        String slowestInput, PartitionState state, String node, int restarts, long restartMillis, String error,
        Backpressure backpressure, List<HotKey> hotKeys) {}
