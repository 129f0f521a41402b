// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.server.access.AccessToken;
import dev.millrace.server.client.MillraceClient;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** What commands that talk to a server have in common. */
final class RemoteCommand {
    private static final String DEFAULT = MillraceClient.DEFAULT_SERVER;

    static final String TOKEN_HELP =
            "a file with the token that the server asks for; or else " + AccessToken.VARIABLE + " holds it";

    private RemoteCommand() {}

    static Syntax syntax(String command, String summary) {
        return new Syntax(command, summary)
                .option("--server", "URL", "the server: " + DEFAULT)
                .option("--token-file", "FILE", TOKEN_HELP)
                .flag("--json", "answers in JSON, one object a line");
    }

    static MillraceClient client(Arguments arguments) {
        String server = arguments.text("--server");
        return MillraceClient.of(
                server == null ? DEFAULT : server,
                AccessToken.find(arguments.path("--token-file"), System.getenv()));
    }

    static PrintStream out(Console console) {
        return new PrintStream(console.out(), true, StandardCharsets.UTF_8);
    }

    /** The options that {@code --set} gives. */
    static Map<String, String> options(Arguments arguments) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String setting : arguments.texts("--set")) {
            int equals = setting.indexOf('=');
            if (equals <= 0) {
                throw new MillraceException(
                        ErrorCode.USAGE, "--set \"" + setting + "\" has no value", "write --set partitions=4");
            }
            options.put(setting.substring(0, equals).strip(), setting.substring(equals + 1).strip());
        }
        return options;
    }

    /**
     * Shows objects: as they are if JSON is asked for, else as rows of a table.
     *
     * @param row adds one of them
     */
    static void show(
            Iterable<JsonNode> objects, Arguments arguments, Console console, TextTable table,
            BiConsumer<TextTable, JsonNode> row) {
        PrintStream out = out(console);
        if (arguments.has("--json")) {
            objects.forEach(out::println);
        } else {
            objects.forEach(object -> row.accept(table, object));
            out.print(table);
        }
    }

    /** Shows jobs or one of them. */
    static void showJobs(Iterable<JsonNode> jobs, Arguments arguments, Console console) {
        TextTable table = new TextTable(
                "name", "state", "rows read", "rows written", "bad", "late", "state bytes", "problem");
        show(jobs, arguments, console, table, RemoteCommand::addJob);
    }

    private static void addJob(TextTable table, JsonNode job) {
        JsonNode problem = job.path("reason").isTextual() ? job.path("reason") : job.path("problem");
        table.add(
                job.path("name").asText(),
                job.path("state").asText(),
                job.path("rows_read").asLong(),
                job.path("rows_written").asLong(),
                job.path("bad_records").asLong(),
                job.path("late_rows").asLong(),
                job.path("state_bytes").asLong(),
                problem.isTextual() ? problem.asText().lines().findFirst().orElse("") : null);
    }
}
