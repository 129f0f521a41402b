// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format;

import dev.millrace.connectors.text.RowFormat;
import dev.millrace.engine.plan.TableDefinition;
import java.util.List;
import java.util.Set;

/** A format, found by the option {@code format}. Has no state. */
public interface RecordFormat {
    /** The value of the option {@code format}. */
    String name();

    /** The names of the format's options. */
    Set<String> optionNames();

    /**
     * Checks the values of the format's options, and the types of the columns.
     *
     * @throws dev.millrace.engine.error.MillraceException with the reason and the way out
     */
    void validate(TableDefinition table);

    /**
     * @param columns indexes of the columns to decode, in the order wanted
     * @param recordBytesMax the largest record
     */
    RecordDecoder newDecoder(TableDefinition table, List<Integer> columns, int recordBytesMax);

    /**
     * What writes all columns of a table, so that a decoder of the same table reads the same values.
     *
     * @throws dev.millrace.engine.error.MillraceException if the options allow reading only
     */
    RowFormat newRowFormat(TableDefinition table);
}
