// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What a command reads and writes.
 *
 * @param in standard input
 * @param out standard output: data only, unbuffered; a closed pipe shows as an exception here
 * @param err everything that is said to people
 * @param terminal whether standard output is a terminal
 */
public record Console(InputStream in, OutputStream out, PrintStream err, boolean terminal) {
    /** The streams of this process. */
    public static Console ofProcess() {
        // System.out would swallow the error that tells of a closed pipe.
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        return new Console(new FileInputStream(FileDescriptor.in), out, err, isTerminal());
    }

    private static boolean isTerminal() {
        java.io.Console console = System.console();
        return console != null && console.isTerminal();
    }
}
