// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Millrace in a process of its own, and what it says on standard error as somebody would follow it. */
public final class ToldProcess implements AutoCloseable {
    private final Process process;
    private final Thread reading;
    private final List<String> lines = new ArrayList<>();
    private boolean ended;
    private int heard;

    private ToldProcess(Process process) {
        this.process = process;
        reading = Thread.ofPlatform().daemon().name("standard-error").start(this::read);
    }

    /** Starts it; what it says on standard output is thrown away. */
    public static ToldProcess start(Path directory, String... words) throws IOException {
        return start(directory, MillraceProcess.command(words));
    }

    /**
     * The same with a command of the caller's making.
     *
     * @param command what {@link MillraceProcess#command} gives, and more
     */
    public static ToldProcess start(Path directory, List<String> command) throws IOException {
        return new ToldProcess(new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(Redirect.DISCARD)
                .start());
    }

    private void read() {
        try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = err.readLine(); line != null; line = err.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            end();
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Waits for a line with this in it, behind those that were waited for before. */
    public synchronized String await(String part) throws InterruptedException {
        while (true) {
            while (heard < lines.size()) {
                String line = lines.get(heard++);
                if (line.contains(part)) {
                    return line;
                }
            }
            if (ended) {
                return fail("it ended without \"" + part + "\":\n" + String.join("\n", lines));
            }
            wait();
        }
    }

    /** Whether it has not ended. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end of the process; gives its exit code. */
    public int exitCode() throws InterruptedException {
        int code = process.waitFor();
        reading.join();
        return code;
    }

    /** All that it has said so far. */
    public synchronized String told() {
        return String.join("\n", lines);
    }

    /** Asks it to end, by a signal such as TERM. */
    public void signal(String name) throws IOException, InterruptedException {
        MillraceProcess.signal(process, name);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
