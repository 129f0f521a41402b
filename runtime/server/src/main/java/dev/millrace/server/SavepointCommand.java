// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.server.client.MillraceClient;
import java.time.Instant;
import java.util.List;

/** {@code millrace savepoint}: the savepoints of a job of a server. */
final class SavepointCommand implements Command {
    private static final List<String> ACTIONS = List.of("create", "ls", "drop");

    @Override
    public Syntax syntax() {
        return RemoteCommand.syntax("savepoint", "Keeps the state of a job of a server under a name.")
                .operand("create|ls|drop", "takes one, lists them, deletes one")
                .operand("JOB", "the name of the job")
                .optionalOperand("NAME", "the name of the savepoint, without slashes")
                .footer(
                        "",
                        "The job stands still for a moment while it is taken. A savepoint outlives its job.",
                        "",
                        "examples:",
                        "  millrace savepoint create counts before-change",
                        "  millrace stop counts --savepoint before-change");
    }

    @Override
    public int run(Arguments arguments, Console console) {
        String action = arguments.action(ACTIONS);
        String job = arguments.operand(1);
        if (action.equals("ls") && arguments.operand(2) != null) {
            throw new MillraceException(ErrorCode.USAGE, "ls lists all savepoints of a job", "leave the name out");
        }
        String name = action.equals("ls") ? null : arguments.operand(2, "NAME", action);
        try (MillraceClient client = RemoteCommand.client(arguments)) {
            switch (action) {
                case "create" -> show(List.of(client.createSavepoint(job, name)), arguments, console);
                case "ls" -> show(client.savepoints(job), arguments, console);
                default -> {
                    client.dropSavepoint(job, name);
                    console.err().println("savepoint \"" + job + "/" + name + "\" dropped");
                }
            }
        }
        return ExitCode.SUCCESS;
    }

    private static void show(Iterable<JsonNode> savepoints, Arguments arguments, Console console) {
        TextTable table = new TextTable("name", "taken at", "partitions", "bytes", "sql");
        RemoteCommand.show(savepoints, arguments, console, table, SavepointCommand::add);
    }

    private static void add(TextTable table, JsonNode savepoint) {
        table.add(
                savepoint.path("name").asText(),
                Instant.ofEpochMilli(savepoint.path("taken_millis").asLong()),
                savepoint.path("partitions").asLong(),
                savepoint.path("bytes").asLong(),
                savepoint.path("sql").asText().replaceAll("\\s+", " "));
    }
}
