// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.engine.plan.StageInput;

/**
 * One of the stages that a partition feeds.
 *
 * @param stage number of the stage
 * @param input how it reads the partition's output
 * @param partitions number of partitions of the stage
 */
public record StageBranch(int stage, StageInput input, int partitions) {}
