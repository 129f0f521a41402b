// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.connector.Guarantee;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.connector.SinkConnector;
import dev.millrace.engine.plan.TableDefinition;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A sink connector with other sinks of epochs than its own.
 *
 * @param wrap makes them of its own
 */
record WrappedConnector(SinkConnector connector, UnaryOperator<EpochSink> wrap) implements SinkConnector {
    @Override
    public String name() {
        return connector.name();
    }

    @Override
    public void validateSink(TableDefinition table) {
        connector.validateSink(table);
    }

    @Override
    public void checkTarget(TableDefinition table) {
        connector.checkTarget(table);
    }

    @Override
    public void checkEpochTarget(TableDefinition table) {
        connector.checkEpochTarget(table);
    }

    @Override
    public List<String> warnings(TableDefinition table) {
        return connector.warnings(table);
    }

    @Override
    public Guarantee askedGuarantee(TableDefinition table) {
        return connector.askedGuarantee(table);
    }

    @Override
    public SinkChanges changes(TableDefinition table) {
        return connector.changes(table);
    }

    @Override
    public Set<String> writableMetadata() {
        return connector.writableMetadata();
    }

    @Override
    public Sink openSink(TableDefinition table, int partition) {
        return connector.openSink(table, partition);
    }

    @Override
    public boolean takesEpochs(TableDefinition table) {
        return connector.takesEpochs(table);
    }

    @Override
    public EpochSink openEpochSink(TableDefinition table, EpochOwner owner) {
        return wrap.apply(connector.openEpochSink(table, owner));
    }
}
