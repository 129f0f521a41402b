// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import dev.millrace.server.client.MillraceClient;

/** {@code millrace jobs}: the jobs of a server. */
final class JobsCommand implements Command {
    @Override
    public Syntax syntax() {
        return RemoteCommand.syntax("jobs", "Lists the jobs of a server.");
    }

    @Override
    public int run(Arguments arguments, Console console) {
        try (MillraceClient client = RemoteCommand.client(arguments)) {
            RemoteCommand.showJobs(client.jobs(), arguments, console);
        }
        return ExitCode.SUCCESS;
    }
}
