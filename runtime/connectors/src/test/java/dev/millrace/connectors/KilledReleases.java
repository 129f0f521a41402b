// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/** Kills processes that release epochs into a table, at random moments, until a last one gets to the end. */
public final class KilledReleases {
    private static final int KILLS = 3;
    private static final int RELEASES_MAX = 15;
    private static final int PAUSE_NANOS_MAX = 30_000_000;
    private static final long LAST_EPOCH = 70;

    private final Map<String, String> options;
    private final Random random;
    private long released = -1;

    private KilledReleases(Map<String, String> options, long seed) {
        this.options = options;
        random = new Random(seed);
    }

    /**
     * Fails if a process finds a marker that contradicts what the one before it has said.
     *
     * @param options of a table of one column {@code n}
     * @return the values that the table has to hold then, each once
     */
    public static List<Long> run(Map<String, String> options, long seed) throws IOException, InterruptedException {
        KilledReleases releases = new KilledReleases(options, seed);
        for (int i = 1; i <= KILLS; i++) {
            releases.kill(i);
        }
        assertTrue(releases.released >= 0, "nothing was released before a kill");
        ReleasingMain.release(options, KILLS + 1, LAST_EPOCH, _ -> {});
        return LongStream.range(0, (LAST_EPOCH + 1) * ReleasingMain.ROWS).boxed().toList();
    }

    private void kill(int incarnation) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                System.getProperty("java.class.path"),
                ReleasingMain.class.getName(),
                "" + incarnation,
                "" + LAST_EPOCH));
        options.forEach((name, value) -> command.addAll(List.of(name, value)));
        Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        try (BufferedReader told = process.inputReader(StandardCharsets.UTF_8)) {
            String opened = told.readLine();
            assertTrue(opened != null && opened.startsWith(ReleasingMain.OPENED), "not opened: " + opened);
            long marker = number(opened);
            assertTrue(
                    marker == released || marker == released + 1,
                    "marker " + marker + " though " + released + " was the last that was said to be released");
            released = marker;
            int count = random.nextInt(RELEASES_MAX);
            String line = "";
            for (int i = 0; i < count && line != null; i++) {
                line = told.readLine();
                released = line == null ? released : number(line);
            }
            LockSupport.parkNanos(random.nextInt(PAUSE_NANOS_MAX));
            // Not by the process itself, which would close what it had said as well.
            process.toHandle().destroyForcibly();
            // What it had said before it died.
            for (line = told.readLine(); line != null; line = told.readLine()) {
                released = line.startsWith(ReleasingMain.RELEASED) ? number(line) : released;
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static long number(String line) {
        return Long.parseLong(line.substring(line.indexOf(' ') + 1));
    }
}
