// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.connector;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The connectors of a process, by name. Immutable. */
public final class Connectors {
    private final Map<String, SourceConnector> sources;
    private final Map<String, SinkConnector> sinks;

    public Connectors(Collection<? extends SourceConnector> sources, Collection<? extends SinkConnector> sinks) {
        this.sources = new TreeMap<>(
                sources.stream().collect(Collectors.toMap(SourceConnector::name, Function.identity())));
        this.sinks = new TreeMap<>(sinks.stream().collect(Collectors.toMap(SinkConnector::name, Function.identity())));
    }

    /**
     * The source connector of a table.
     *
     * @throws MillraceException if the option is missing, unknown, or names a connector that can't be read
     */
    public SourceConnector source(TableDefinition table) {
        return find(table, sources, "read");
    }

    /**
     * The sink connector of a table.
     *
     * @throws MillraceException if the option is missing, unknown, or names a connector that can't be written
     */
    public SinkConnector sink(TableDefinition table) {
        return find(table, sinks, "written");
    }

    /** Whether tables with this connector can be read. */
    public boolean canRead(String connector) {
        return sources.containsKey(connector);
    }

    /** Whether tables with this connector can be written. */
    public boolean canWrite(String connector) {
        return sinks.containsKey(connector);
    }

    private <C> C find(TableDefinition table, Map<String, C> known, String use) {
        String name = table.connector();
        String list = String.join(", ", known.keySet());
        if (name == null) {
            throw new MillraceException(
                    ErrorCode.OPTION_MISSING,
                    "table \"" + table.name() + "\" has no option 'connector'",
                    "add WITH ('connector' = '…'); tables can be " + use + " with: " + list);
        }
        C connector = known.get(name);
        if (connector == null) {
            TreeSet<String> all = new TreeSet<>(sources.keySet());
            all.addAll(sinks.keySet());
            if (all.contains(name)) {
                throw new MillraceException(
                        ErrorCode.CONNECTOR_UNKNOWN,
                        "table \"" + table.name() + "\" can't be " + use + ": connector '" + name
                                + "' has no such side",
                        "tables can be " + use + " with: " + list);
            }
            throw new MillraceException(
                    ErrorCode.CONNECTOR_UNKNOWN,
                    "connector '" + name + "' of table \"" + table.name() + "\" is not known",
                    dev.millrace.engine.error.NearestName.hint(name, all, "connectors"));
        }
        return connector;
    }
}
