// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

/** One subcommand. Made only when it is asked for, so that a start loads no more classes than it needs. */
interface Command {
    /** Its options and operands. */
    Syntax syntax();

    /**
     * Does the work.
     *
     * @return the exit code
     * @throws dev.millrace.engine.error.MillraceException for errors that end the command
     */
    int run(Arguments arguments, Console console);
}
