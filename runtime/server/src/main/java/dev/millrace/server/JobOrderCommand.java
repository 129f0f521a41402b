// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import dev.millrace.server.client.MillraceClient;
import java.util.List;
import java.util.Map;

/** {@code millrace job, pause, resume, stop, drop}: one job of a server. */
final class JobOrderCommand implements Command {
    private static final Map<String, String> SUMMARIES = Map.of(
            "job", "Shows one job of a server.",
            "pause", "Lets a job of a server rest; resume goes on where it stood.",
            "resume", "Lets a job that was paused, has stopped or failed go on where it stood.",
            "stop", "Stops a job of a server, with its state, until it is resumed.",
            "drop", "Stops a job of a server and forgets it with its state.");

    private final String order;

    JobOrderCommand(String order) {
        this.order = order;
    }

    @Override
    public Syntax syntax() {
        Syntax syntax = RemoteCommand.syntax(order, SUMMARIES.get(order)).operand("JOB", "the name of the job");
        return order.equals("stop")
                ? syntax.option("--savepoint", "NAME", "keeps the state at which it stops under a name")
                : syntax;
    }

    @Override
    public int run(Arguments arguments, Console console) {
        String job = arguments.operand(0);
        try (MillraceClient client = RemoteCommand.client(arguments)) {
            switch (order) {
                case "pause" -> client.pause(job);
                case "resume" -> client.resume(job);
                case "stop" -> stop(client, job, arguments.text("--savepoint"));
                case "drop" -> {
                    client.drop(job);
                    console.err().println("job \"" + job + "\" dropped");
                    return ExitCode.SUCCESS;
                }
                default -> {
                    // Only shown.
                }
            }
            RemoteCommand.showJobs(List.of(client.job(job)), arguments, console);
        }
        return ExitCode.SUCCESS;
    }

    private static void stop(MillraceClient client, String job, String savepoint) {
        if (savepoint == null) {
            client.stop(job);
        } else {
            client.stop(job, savepoint);
        }
    }
}
