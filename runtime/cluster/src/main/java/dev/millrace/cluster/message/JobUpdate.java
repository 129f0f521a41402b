// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.cluster.status.JobState;
import dev.millrace.engine.error.ErrorCode;

/**
 * How a job stands, for whoever watches it.
 *
 * @param state the state
 * @param counters what all partitions have done
 * @param code kind of failure, or null
 * @param reason why it failed, or null
 * @param problem what holds it up for now, or null
 */
public record JobUpdate(JobState state, Counters counters, ErrorCode code, String reason,
        String problem) implements Message {}
