// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.engine.connector.Split;
import dev.millrace.engine.plan.TableDefinition;
import java.util.List;

/**
 * All that a reader must know to do its work. The job sends it again and again; only the first one counts.
 *
 * @param job the job
 * @param inputName name of the input in the protocol
 * @param split the split to read
 * @param branches the stages that it feeds, all from the same table; the first one takes the bad records
 * @param isolates whether partitions that lag are detached; else all go at the pace of the slowest
 */
public record ReaderSpec(JobId job, String inputName, Split split, List<ReaderBranch> branches, boolean isolates) {
    public ReaderSpec {
        branches = List.copyOf(branches);
    }

    /** The table that is read. */
    public TableDefinition table() {
        return branches.getFirst().source().table();
    }

    /** Number of lanes: one to each partition of each stage. */
    public int lanes() {
        return branches.stream().mapToInt(ReaderBranch::partitions).sum();
    }
}
