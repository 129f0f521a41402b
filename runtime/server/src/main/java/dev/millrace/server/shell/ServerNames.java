// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.planner.validate.FunctionNames;
import dev.millrace.server.client.MillraceClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The names that a server knew a moment ago: nobody waits for it while typing. Any thread. */
final class ServerNames implements Names {
    private final MillraceClient client;
    private volatile Map<String, List<String>> tables = Map.of();
    private volatile List<String> jobs = List.of();

    ServerNames(MillraceClient client) {
        this.client = client;
    }

    /**
     * Asks the server.
     *
     * @throws MillraceException if it does not answer
     */
    void refresh() {
        Map<String, List<String>> found = new TreeMap<>();
        for (JsonNode table : client.tables()) {
            List<String> columns = new ArrayList<>();
            table.path("columns").forEach(column -> columns.add(column.path("name").asText()));
            found.put(table.path("name").asText(), columns);
        }
        tables = found;
        List<String> names = new ArrayList<>();
        client.jobs().forEach(job -> names.add(job.path("name").asText()));
        jobs = names;
    }

    /** Asks the server in the background; without an answer the names stay as they are. */
    void refreshLater() {
        Thread thread = new Thread(() -> {
            try {
                refresh();
            } catch (MillraceException e) {
                // The next statement tells it.
                jobs = List.of();
            }
        }, "name-refresh");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public Collection<String> tables() {
        return tables.keySet();
    }

    @Override
    public List<String> columns(String table) {
        return tables.getOrDefault(table, List.of());
    }

    @Override
    public Collection<String> functions() {
        return FunctionNames.all();
    }

    @Override
    public Collection<String> jobs() {
        return jobs;
    }
}
