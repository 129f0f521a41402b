// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.blackhole;

import dev.millrace.connectors.options.TableOptions;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.connector.SinkConnector;
import dev.millrace.engine.plan.TableDefinition;
import java.util.Set;

/** The connector {@code blackhole}. Takes any changes and has no options. */
public final class BlackholeConnector implements SinkConnector {
    @Override
    public String name() {
        return "blackhole";
    }

    @Override
    public void validateSink(TableDefinition table) {
        new TableOptions(table).checkNames(Set.of());
    }

    @Override
    public SinkChanges changes(TableDefinition table) {
        return SinkChanges.ANY;
    }

    @Override
    public Sink openSink(TableDefinition table, int partition) {
        return new BlackholeSink();
    }

    private static final class BlackholeSink implements Sink {
        @Override
        public void write(Batch batch) {}

        @Override
        public void flush() {}

        @Override
        public boolean isBlocking() {
            return false;
        }

        @Override
        public void close() {}
    }
}
