// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Step;

/**
 * One of the stages that a reader feeds.
 *
 * @param stage number of the stage
 * @param source the table and the steps before the exchange
 * @param partitions number of partitions of the stage
 * @param combinedFor the aggregation for which rows may be combined before they travel, or null
 */
public record ReaderBranch(int stage, SourceInput source, int partitions, Step.Aggregate combinedFor) {}
