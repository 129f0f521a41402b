// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.status;

import dev.millrace.engine.error.ErrorCode;

/**
 * How a job ended.
 *
 * @param state FINISHED, STOPPED or FAILED
 * @param code the kind of failure, or null
 * @param reason why it failed, or null
 * @param progress what it had done
 */
public record JobOutcome(JobState state, ErrorCode code, String reason, JobProgress progress) {}
