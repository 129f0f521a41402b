// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.server.client.MillraceClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** {@code millrace partitions}: the partitions of a job. */
final class PartitionsCommand implements Command {
    @Override
    public Syntax syntax() {
        return RemoteCommand.syntax("partitions", "Lists the partitions of a job of a server.")
                .operand("JOB", "the name of the job");
    }

    @Override
    public int run(Arguments arguments, Console console) {
        try (MillraceClient client = RemoteCommand.client(arguments)) {
            TextTable table = new TextTable(
                    "stage", "partition", "state", "node", "rows read", "rows written", "bad", "late", "window closed",
                    "state bytes", "epoch", "watermark", "slowest input", "restarts", "error", "hot keys");
            RemoteCommand.show(
                    client.partitions(arguments.operand(0)), arguments, console, table, PartitionsCommand::add);
        }
        return ExitCode.SUCCESS;
    }

    private static void add(TextTable table, JsonNode partition) {
        table.add(
                partition.path("stage").asLong(),
                partition.path("partition").asLong(),
                state(partition),
                partition.path("node").asText(null),
                partition.path("rows_read").asLong(),
                partition.path("rows_written").asLong(),
                partition.path("bad_records").asLong(),
                partition.path("late_rows").asLong(),
                partition.path("rows_of_closed_windows").asLong(),
                partition.path("state_bytes").asLong(),
                partition.path("epoch").asLong(),
                watermark(partition),
                partition.path("slowest_input").asText(null),
                partition.path("restarts").asLong(),
                partition.path("error").asText(null),
                hotKeys(partition));
    }

    private static String state(JsonNode partition) {
        String state = partition.path("state").asText();
        long millis = partition.path("restart_millis").asLong();
        return millis > 0 ? state + " in " + millis + " ms" : state;
    }

    private static String hotKeys(JsonNode partition) {
        List<String> keys = new ArrayList<>();
        partition.path("hot_keys").forEach(hot -> keys.add(
                Math.round(hot.path("share").asDouble() * 100) + " % " + hot.path("key").asText()));
        return keys.isEmpty() ? null : String.join(", ", keys);
    }

    private static String watermark(JsonNode partition) {
        if (partition.path("ended").asBoolean()) {
            return "end of the input";
        }
        JsonNode millis = partition.path("watermark_millis");
        return millis.isNumber() ? Instant.ofEpochMilli(millis.asLong()).toString() : null;
    }
}
