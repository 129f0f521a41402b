// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.print;

import dev.millrace.connectors.options.TableOptions;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.connector.SinkConnector;
import dev.millrace.engine.plan.TableDefinition;
import java.io.PrintStream;
import java.util.Set;

/**
 * The connector {@code print}: every row is a line such as {@code +I[AAPL, 103.5]}. Takes any changes.
 *
 * <p>Options: {@code print-identifier} (stands before every line, followed by {@code "> "}), {@code standard-error}
 * (true to print there), {@code sink.parallelism} (taken for the sake of existing scripts; the partitions of the job
 * decide).
 */
public final class PrintConnector implements SinkConnector {
    private static final Set<String> NAMES = Set.of("print-identifier", "standard-error", "sink.parallelism");

    private final PrintStream out;
    private final PrintStream err;

    /**
     * @param out where rows go
     * @param err where rows go with {@code 'standard-error' = 'true'}
     */
    public PrintConnector(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public String name() {
        return "print";
    }

    @Override
    public void validateSink(TableDefinition table) {
        TableOptions options = new TableOptions(table);
        options.checkNames(NAMES);
        options.flag("standard-error", false);
        options.integer("sink.parallelism", 1, 1, Integer.MAX_VALUE);
    }

    @Override
    public SinkChanges changes(TableDefinition table) {
        return SinkChanges.ANY;
    }

    @Override
    public Sink openSink(TableDefinition table, int partition) {
        TableOptions options = new TableOptions(table);
        String identifier = options.text("print-identifier", "");
        String prefix = identifier.isEmpty() ? "" : identifier + "> ";
        return new PrintSink(table.schema(), prefix, options.flag("standard-error", false) ? err : out);
    }
}
