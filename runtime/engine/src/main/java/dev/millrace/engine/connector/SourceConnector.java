// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.connector;

import dev.millrace.engine.plan.TableDefinition;
import java.time.Duration;
import java.util.List;

/** A kind of source. Found by the option {@code connector}. Has no state. */
public interface SourceConnector {
    /** The value of the option {@code connector}. */
    String name();

    /**
     * Checks the table's options and columns without touching what they name.
     *
     * @throws dev.millrace.engine.error.MillraceException with the reason and the way out
     */
    void validateSource(TableDefinition table);

    /** Whether the table's rows end by themselves. */
    boolean isBounded(TableDefinition table);

    /** How often to look for new splits of the table, or null if it never gets more. Does not touch what it names. */
    default Duration discoveryInterval(TableDefinition table) {
        return null;
    }

    /**
     * Whether a row of its tables is the new row of its PRIMARY KEY, which every table then has, and a row of kind
     * {@link dev.millrace.engine.batch.RowKind#DELETE} deletes its key and has no other columns. All rows of one key stand
     * in one split.
     */
    default boolean readsUpserts() {
        return false;
    }

    /**
     * @param table a validated table
     * @param columns indexes of the columns to decode, in the order wanted
     */
    Source openSource(TableDefinition table, List<Integer> columns);

    /**
     * Where bad records of the table go if the table names a place of the connector's own, such as a topic.
     *
     * @return the writer, or null if the table names none: then they go to a file
     */
    default DeadLetterWriter openDeadLetters(TableDefinition table) {
        return null;
    }

    /**
     * The keys of what METADATA columns of its tables can hold when they are read.
     *
     * @return empty if a record has nothing beside what its format holds
     */
    default java.util.Set<String> readableMetadata() {
        return java.util.Set.of();
    }

    /**
     * Columns that the table has if CREATE TABLE names none (generated workloads); empty for most.
     *
     * @return a schema without columns where the user must name them
     */
    default dev.millrace.engine.type.Schema fixedSchema(java.util.Map<String, String> options) {
        return dev.millrace.engine.type.Schema.of();
    }
}
