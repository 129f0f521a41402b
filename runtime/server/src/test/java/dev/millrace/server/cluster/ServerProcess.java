// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.server.ToldProcess;
import dev.millrace.server.access.AccessToken;
import dev.millrace.server.client.MillraceClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code millrace server} in a process of its own, which can be asked, told to end, killed and frozen. */
final class ServerProcess implements AutoCloseable {
    private static final String READY_WORDS = "millrace server is ready";
    private static final Pattern READY = Pattern.compile("millrace server is ready at (http://\\S+), state in .*");

    private final String address;
    private final ToldProcess process;
    private final AccessToken token;
    private MillraceClient client;

    private ServerProcess(String address, ToldProcess process, AccessToken token) {
        this.address = address;
        this.process = process;
        this.token = token;
    }

    /**
     * Starts a server and returns at once.
     *
     * @param directory where it runs
     * @param address   host and port by which other nodes know it
     * @param command   what starts it
     * @param token     what it wants to be asked with, or null
     */
    static ServerProcess start(Path directory, String address, List<String> command, AccessToken token)
            throws IOException {
        return new ServerProcess(address, ToldProcess.start(directory, command), token);
    }

    /** Waits until it answers to everything. */
    void awaitReady() throws InterruptedException {
        String line = process.await(READY_WORDS);
        Matcher ready = READY.matcher(line);
        assertTrue(ready.matches(), line);
        client = MillraceClient.of(ready.group(1), token);
    }

    /** Host and port by which other nodes know it. */
    String address() {
        return address;
    }

    /** Asks it; it must be ready. */
    MillraceClient client() {
        return client;
    }

    /** Waits for a line on standard error with this in it. */
    String await(String part) throws InterruptedException {
        return process.await(part);
    }

    /** Whether it has not ended. */
    boolean isAlive() {
        return process.isAlive();
    }

    /** All that it has said so far. */
    String told() {
        return process.told();
    }

    /** Sends a signal: TERM, KILL, STOP, CONT. */
    void signal(String name) throws IOException, InterruptedException {
        process.signal(name);
    }

    /** Waits for its end; gives its exit code. */
    int exitCode() throws InterruptedException {
        return process.exitCode();
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
        process.close();
    }
}
