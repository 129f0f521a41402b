// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.engine.connector.Split;
import dev.millrace.engine.plan.SourceInput;
import java.util.Map;

/**
 * All that a reader must know to do its work. The job sends it again and again; only the first one counts.
 *
 * @param job the job
 * @param stage number of the stage that is fed
 * @param input number of the input in the stage
 * @param source the table and the steps before the exchange
 * @param split the split to read
 * @param partitions number of partitions of the stage
 * @param options the job's options
 */
public record ReaderSpec(
        JobId job,
        int stage,
        int input,
        SourceInput source,
        Split split,
        int partitions,
        Map<String, String> options) {
    /** The input's name in the protocol. */
    public String inputName() {
        return JobId.input(stage, input, split.index());
    }
}
