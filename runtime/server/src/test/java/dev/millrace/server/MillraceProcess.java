// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Millrace in a process of its own, with the class path of the tests. */
public final class MillraceProcess {
    private MillraceProcess() {}

    /**
     * The command that starts it.
     *
     * @param words what stands behind {@code millrace}
     */
    public static List<String> command(String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseParallelGC",
                "-XX:TieredStopAtLevel=1",
                "-Dmillrace.home=" + root(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(Arrays.asList(words));
        return command;
    }

    /** Starts it in a directory, its output to be read by the caller. */
    public static Process start(Path directory, String... words) throws IOException {
        return new ProcessBuilder(command(words)).directory(directory.toFile()).start();
    }

    /** Sends a signal. Not {@code destroy()}: that would close the streams before the last words have come. */
    public static void signal(Process process, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    }

    private static Path root() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("build-support"))) {
            root = root.getParent();
        }
        return root;
    }
}
