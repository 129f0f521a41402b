// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.server.client.MillraceClient;
import java.time.Instant;
import java.util.StringJoiner;

/** {@code millrace nodes}: the nodes of a server's cluster. */
final class NodesCommand implements Command {
    @Override
    public Syntax syntax() {
        return RemoteCommand.syntax("nodes", "Lists the nodes of a server's cluster.");
    }

    @Override
    public int run(Arguments arguments, Console console) {
        try (MillraceClient client = RemoteCommand.client(arguments)) {
            TextTable table = new TextTable("node", "state", "since", "partitions", "readers", "remarks");
            RemoteCommand.show(client.nodes(), arguments, console, table, NodesCommand::add);
        }
        return ExitCode.SUCCESS;
    }

    private static void add(TextTable table, JsonNode node) {
        StringJoiner remarks = new StringJoiner(", ");
        if (node.path("self").asBoolean()) {
            remarks.add("answers");
        }
        if (node.path("oldest").asBoolean()) {
            remarks.add("oldest");
        }
        table.add(
                node.path("address").asText(),
                node.path("state").asText(),
                Instant.ofEpochSecond(node.path("since_millis").asLong() / 1000).toString(),
                node.path("partitions").asLong(),
                node.path("readers").asLong(),
                remarks.length() == 0 ? null : remarks.toString());
    }
}
