// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.server.client.MillraceClient;
import dev.millrace.server.client.StatementsAnswer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code millrace alter}: a job goes on with other options. */
final class AlterCommand implements Command {
    @Override
    public Syntax syntax() {
        return RemoteCommand.syntax("alter", "Lets a running job of a server go on with other options.")
                .repeatedOption("--set", "KEY=VALUE", "an option, such as partitions=16")
                .operand("JOB", "the name of the job")
                .footer("", "With other partitions the job stands still until its state is spread over them.");
    }

    @Override
    public int run(Arguments arguments, Console console) {
        String job = arguments.operand(0);
        Map<String, String> options = RemoteCommand.options(arguments);
        if (options.isEmpty()) {
            throw new MillraceException(ErrorCode.USAGE, "alter changes nothing", "write --set partitions=16");
        }
        String set = options.entrySet().stream()
                .map(option -> quoted(option.getKey()) + " = " + quoted(option.getValue()))
                .collect(Collectors.joining(", "));
        try (MillraceClient client = RemoteCommand.client(arguments)) {
            StatementsAnswer answer = client.statements("ALTER JOB " + quoted(job) + " SET (" + set + ")", Map.of());
            for (MillraceException error : answer.errors()) {
                // Its place is in a statement that nobody has written.
                throw new MillraceException(error.code(), error.getMessage(), error.hint());
            }
            RemoteCommand.showJobs(List.of(client.job(job)), arguments, console);
        }
        return ExitCode.SUCCESS;
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
