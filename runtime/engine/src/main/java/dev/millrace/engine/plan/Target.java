// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import dev.millrace.engine.type.Schema;

/** Where the rows of a stage go. */
public sealed interface Target {
    /** The columns that arrive. */
    Schema schema();

    /** INSERT INTO a table. */
    record Table(TableDefinition table) implements Target {
        @Override
        public Schema schema() {
            return table.schema();
        }
    }

    /** The stages that read the output. */
    record Stages(Schema schema) implements Target {}

    /** A SELECT: rows stream to the client that asked, in unspecified order unless ordered there. */
    record Client(Schema schema, ResultOrder order) implements Target {}
}
