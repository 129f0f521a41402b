// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.deploy;

import dev.millrace.server.MillraceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A node as a deployment starts it, in a process of its own instead of a container. */
final class StartedNode implements AutoCloseable {
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
    private static final long BETWEEN_QUESTIONS_MILLIS = 100;
    /** What is shown of a node that does not do what it should. */
    private static final int LAST_WORDS_MAX = 2_000;

    private final Process process;
    private final Path output;
    private final String address;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER_TIMEOUT).build();

    /**
     * @param directory where it runs and what it says is kept
     * @param address of its HTTP, such as {@code 127.0.0.1:8080}
     */
    StartedNode(Path directory, String address, List<String> words, Map<String, String> environment)
            throws IOException {
        this.address = address;
        output = Files.createTempFile(directory, "node", ".txt");
        ProcessBuilder builder = new ProcessBuilder(MillraceProcess.command(words.toArray(new String[0])))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        process = builder.start();
    }

    String server() {
        return "http://" + address;
    }

    /** The status with which a probe is answered, 0 if nobody answers. */
    int status(String path) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(server() + path)).timeout(ANSWER_TIMEOUT).build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            return response.statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Asks as an orchestrator does until the node is ready. */
    void awaitReady() throws InterruptedException {
        while (status("/ready") != 200) {
            if (!process.isAlive()) {
                throw new AssertionError("it has ended with " + process.exitValue() + ": " + said());
            }
            TimeUnit.MILLISECONDS.sleep(BETWEEN_QUESTIONS_MILLIS);
        }
    }

    /** Asks it to end, as a container's engine does. */
    void terminate() throws IOException, InterruptedException {
        MillraceProcess.signal(process, "TERM");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /** The last of what it has said. */
    String said() {
        String all = DeployedFiles.text(output);
        return all.substring(Math.max(0, all.length() - LAST_WORDS_MAX));
    }

    @Override
    public void close() {
        http.shutdownNow();
        process.destroyForcibly();
    }
}
