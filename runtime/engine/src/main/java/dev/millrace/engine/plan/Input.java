// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import dev.millrace.engine.type.Schema;

/** What a stage reads: a table, or the output of an earlier stage. */
public sealed interface Input permits SourceInput, StageInput {
    /** The columns that travel to the partitions. */
    Schema sent();

    /** How rows get to the partitions. */
    Exchange exchange();
}
