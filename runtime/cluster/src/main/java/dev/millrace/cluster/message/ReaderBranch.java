// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.engine.plan.SourceInput;

/**
 * One of the stages that a reader feeds.
 *
 * @param stage number of the stage
 * @param source the table and the steps before the exchange
 * @param partitions number of partitions of the stage
 */
public record ReaderBranch(int stage, SourceInput source, int partitions) {}
