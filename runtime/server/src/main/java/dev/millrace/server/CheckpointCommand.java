// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.checkpointing.StatePlace;
import dev.millrace.checkpointing.verify.Damage;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.server.checkpoint.LogSummary;
import dev.millrace.server.checkpoint.StoredLogs;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** {@code millrace checkpoint}: what is stored in a state directory, and whether it is sound. */
final class CheckpointCommand implements Command {
    private static final List<String> ACTIONS = List.of("ls", "verify", "inspect");

    /** What a state directory has at least one of. */
    private static final List<String> PARTS = List.of("journal", "snapshots");

    @Override
    public Syntax syntax() {
        return new Syntax("checkpoint", "Reads all that a state directory holds, and verifies every checksum of it.")
                .option("--state", "DIR", "the state directory: ./" + ServerSettings.STATE)
                .option("--epoch", "N", "inspect: only this epoch, with its positions")
                .flag("--json", "one object a line")
                .operand("ls|verify|inspect", "what there is, what is damaged, or one log in detail")
                .optionalOperand("LOG", "inspect: a log, as ls names it")
                .footer(
                        "",
                        "Changes nothing; a server may be using the directory. verify names each file that is damaged.",
                        "",
                        "examples:",
                        "  millrace checkpoint ls",
                        "  millrace checkpoint verify --state /var/lib/millrace",
                        "  millrace checkpoint inspect sums/0/3 --epoch 42",
                        "",
                        "exit codes: 0 all is sound, 1 something is damaged, 2 the command line is not valid");
    }

    @Override
    public int run(Arguments arguments, Console console) {
        String action = arguments.action(ACTIONS);
        boolean inspects = action.equals("inspect");
        String name = inspects ? arguments.operand(1, "LOG, as ls names it", action) : null;
        if (!inspects && (arguments.operand(1) != null || arguments.text("--epoch") != null)) {
            throw new MillraceException(ErrorCode.USAGE, "only inspect takes a log and --epoch", null);
        }
        StoredLogs logs = read(arguments, name);
        List<Damage> damages = logs.damages();
        PrintStream out = RemoteCommand.out(console);
        if (inspects) {
            LogSummary log = find(logs, name);
            damages = damages.stream().filter(damage -> damage.persistenceId().equals(log.id().text())).toList();
            new CheckpointLog(log, logs, arguments).show(out);
            damages.forEach(damage -> console.err().println("damaged: " + damage));
        } else if (action.equals("ls")) {
            list(logs, arguments.has("--json"), out);
            if (!damages.isEmpty()) {
                console.err().println(count(damages.size(), "damage") + "; millrace checkpoint verify tells of them");
            }
        } else if (arguments.has("--json")) {
            damages.forEach(damage -> out.println(json(damage)));
            out.println(total(logs));
        } else {
            damages.forEach(out::println);
            console.err().println(summary(logs));
        }
        return damages.isEmpty() ? ExitCode.SUCCESS : ExitCode.FAILED;
    }

    private static StoredLogs read(Arguments arguments, String name) {
        StatePlace place = arguments.text("--state") == null
                ? StatePlace.directory(Path.of(ServerSettings.STATE))
                : arguments.state();
        Path directory = place.directory();
        if (directory == null) {
            throw new MillraceException(
                    ErrorCode.USAGE, "only a state directory can be read, not " + place,
                    "a database verifies what it stores itself");
        }
        if (PARTS.stream().noneMatch(part -> Files.isDirectory(directory.resolve(part)))) {
            throw new MillraceException(
                    ErrorCode.USAGE, directory + " is not a state directory",
                    "name one with --state; a server keeps its state in ./" + ServerSettings.STATE
                            + " unless told otherwise");
        }
        try {
            return StoredLogs.read(directory, name);
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.FILE_UNREADABLE, "the state directory " + directory + " can't be read: " + e.getMessage(),
                    null, null, e);
        }
    }

    private static LogSummary find(StoredLogs logs, String name) {
        LogSummary log = logs.find(name);
        if (log == null) {
            List<String> known = logs.logs().stream().map(each -> logs.name(each.id())).toList();
            throw new MillraceException(
                    ErrorCode.USAGE, "log \"" + name + "\" not found", NearestName.hint(name, known, "logs"));
        }
        return log;
    }

    private static void list(StoredLogs logs, boolean json, PrintStream out) {
        if (json) {
            logs.logs().forEach(log -> out.println(json(log, logs)));
            return;
        }
        TextTable table = new TextTable(
                "log", "of a", "epochs", "events", "state bytes", "outbox bytes", "snapshots", "file bytes", "newest",
                "id");
        for (LogSummary log : logs.logs()) {
            boolean epochs = log.lastEpoch() > 0;
            table.add(
                    logs.name(log.id()),
                    log.id().kind().name().toLowerCase(Locale.ROOT),
                    epochs ? log.firstEpoch() + " to " + log.lastEpoch() : null,
                    log.events(),
                    epochs ? log.stateBytes() : null,
                    epochs ? log.outboxBytes() : null,
                    log.snapshots(),
                    log.files().fileBytes(),
                    Instant.ofEpochMilli(log.newestMillis()),
                    log.id().text());
        }
        out.print(table);
    }

    private static ObjectNode json(LogSummary log, StoredLogs logs) {
        ObjectNode node = JsonNodeFactory.instance.objectNode()
                .put("log", logs.name(log.id()))
                .put("id", log.id().text())
                .put("of", log.id().kind().name().toLowerCase(Locale.ROOT))
                .put("events", log.events());
        if (log.lastEpoch() > 0) {
            node.put("stage", log.id().stage())
                    .put("partition", log.id().index())
                    .put("first_epoch", log.firstEpoch())
                    .put("last_epoch", log.lastEpoch())
                    .put("state_bytes", log.stateBytes())
                    .put("outbox_bytes", log.outboxBytes());
        }
        return node.put("snapshots", log.snapshots())
                .put("file_bytes", log.files().fileBytes())
                .put("newest_millis", log.newestMillis())
                .put("directory", log.files().directory().toString());
    }

    private static ObjectNode json(Damage damage) {
        return JsonNodeFactory.instance.objectNode()
                .put("id", damage.persistenceId())
                .put("file", damage.file().toString())
                .put("what", damage.what());
    }

    private static ObjectNode total(StoredLogs logs) {
        return JsonNodeFactory.instance.objectNode()
                .put("logs", logs.logs().size())
                .put("events", logs.logs().stream().mapToLong(LogSummary::events).sum())
                .put("snapshots", logs.logs().stream().mapToLong(LogSummary::snapshots).sum())
                .put("file_bytes", logs.logs().stream().mapToLong(log -> log.files().fileBytes()).sum())
                .put("damages", logs.damages().size());
    }

    private static String summary(StoredLogs logs) {
        ObjectNode total = total(logs);
        String read = count(total.path("logs").asLong(), "log") + ", " + count(total.path("events").asLong(), "event")
                + ", " + count(total.path("snapshots").asLong(), "snapshot") + ", "
                + count(total.path("file_bytes").asLong(), "byte") + ": ";
        return read + (logs.damages().isEmpty() ? "all is sound" : count(logs.damages().size(), "damage"));
    }

    private static String count(long number, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
    }
}
