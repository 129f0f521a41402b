// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.bench;

import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.SourceConnector;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.connector.SplitReader;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Schema;
import java.util.List;
import java.util.Map;

/** A source connector whose first split starts the clock of the run. */
final class MeteredSource implements SourceConnector {
    private final SourceConnector connector;
    private final CurrentRun run;

    MeteredSource(SourceConnector connector, CurrentRun run) {
        this.connector = connector;
        this.run = run;
    }

    @Override
    public String name() {
        return connector.name();
    }

    @Override
    public void validateSource(TableDefinition table) {
        connector.validateSource(table);
    }

    @Override
    public boolean isBounded(TableDefinition table) {
        return connector.isBounded(table);
    }

    @Override
    public Schema fixedSchema(Map<String, String> options) {
        return connector.fixedSchema(options);
    }

    @Override
    public Source openSource(TableDefinition table, List<Integer> columns) {
        Source source = connector.openSource(table, columns);
        return new Source() {
            @Override
            public List<Split> resolveSplits() {
                return source.resolveSplits();
            }

            @Override
            public SplitReader open(Split split, long position) {
                // A source with a rate counts from here on.
                run.tally().begin();
                return source.open(split, position);
            }
        };
    }
}
