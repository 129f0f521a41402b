// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What servers and their clients say before they do anything. */
final class RemoteCommandsTest {
    @TempDir
    Path directory;

    @Test
    void shouldNameTheWayOutWhenNoServerAnswers() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }

        CommandRun run = CommandRun.of("jobs", "--server", "http://127.0.0.1:" + port);

        assertEquals(ExitCode.FAILED, run.exitCode());
        assertTrue(run.err().startsWith("MR-3030  no server answers at http://127.0.0.1:" + port), run.err());
        assertTrue(run.err().contains("millrace server"), run.err());
    }

    @Test
    void shouldSayWhatIsNotKnownWhenTheServerEndsInTheMiddle() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = Thread.ofPlatform().start(() -> takeARequestAndEnd(socket));

            CommandRun run = CommandRun.of("stop", "minutes", "--server", "http://127.0.0.1:" + socket.getLocalPort());

            server.join();
            assertEquals(ExitCode.FAILED, run.exitCode());
            assertTrue(run.err().contains("whether it was carried out, or still will be, is not known"), run.err());
            assertTrue(run.err().contains("millrace jobs"), run.err());
            run.assertNoStackTrace();
        }
    }

    private static void takeARequestAndEnd(ServerSocket socket) {
        try (Socket connection = socket.accept()) {
            int first = connection.getInputStream().read();
            assertEquals('P', first);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldRefuseAnAddressThatIsNone() {
        assertRefused("MR-6001  \"localhost:8080\" is not the address", "jobs", "--server", "localhost:8080");
    }

    @Test
    void shouldRefuseToListenWhereOthersReachItWithoutAToken() {
        CommandRun run = CommandRun.of("server", "--http-host", "0.0.0.0");

        assertEquals(ExitCode.FAILED, run.exitCode());
        assertTrue(run.err().startsWith("MR-6014  HTTP at 0.0.0.0 would let others in"), run.err());
        assertTrue(run.err().contains("--token-file FILE"), run.err());
        assertTrue(run.err().contains("ssh -L 8080:127.0.0.1:8080"), run.err());
        run.assertNoStackTrace();
    }

    @Test
    void shouldTakeNoTokenThatIsNone() throws IOException {
        Path file = directory.resolve("token");
        for (String command : new String[] {"server", "jobs"}) {
            CommandRun missing = CommandRun.of(command, "--token-file", file.toString());
            assertEquals(ExitCode.FAILED, missing.exitCode());
            assertTrue(missing.err().startsWith("MR-6016  the token can't be read from " + file), missing.err());
        }
        Files.writeString(file, "hunter2");
        CommandRun run = CommandRun.of("server", "--token-file", file.toString());
        assertEquals(ExitCode.FAILED, run.exitCode());
        assertTrue(run.err().startsWith("MR-6016  the token in " + file + " is not fit"), run.err());
        assertFalse(run.err().contains("hunter2"), run.err());
    }

    @Test
    void shouldNameThePortThatAnotherHas() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CommandRun run = CommandRun.of(
                    "server", "--port", String.valueOf(socket.getLocalPort()), "--http", "0", "--state",
                    directory.resolve("state").toString());

            assertEquals(ExitCode.FAILED, run.exitCode());
            assertTrue(run.err().contains("MR-6013  the node can't listen at 127.0.0.1:" + socket.getLocalPort()),
                    run.err());
            run.assertNoStackTrace();
        }
    }

    @Test
    void shouldRefuseSeedsThatAreNoAddresses() {
        assertRefused("MR-6001  \"a\" is not the address of a node", "server", "--seed", "b:1,a");
    }

    @Test
    void shouldRefuseAConfigurationThatNobodyUnderstands() throws IOException {
        Path file = directory.resolve("millrace.conf");
        String name = file.toString();
        assertRefused("MR-6003  configuration file " + name + ": it can't be read", "server", "--config", name);
        Files.writeString(file, "millrace { htp = 80 }");
        assertRefused("MR-6003  configuration file " + name + ": \"millrace.htp\" is not known\n"
                + "  did you mean \"http\"?", "server", "--config", name);
        Files.writeString(file, "millrace.options { checkpoint.intervall = 1 s }");
        assertRefused("MR-6003  configuration file " + name + ": option 'checkpoint.intervall' is not known\n"
                + "  did you mean \"checkpoint.interval\"?", "server", "--config", name);
        Files.writeString(file, "millrace.affinity = yes please");
        assertRefused("MR-6003  configuration file " + name + ": affinity is \"yes please\"\n"
                + "  give on, to pin each thread to a CPU, or off", "server", "--config", name);
        Files.writeString(file, "millrace.metrics = everybody");
        assertRefused("MR-6003  configuration file " + name + ": metrics is \"everybody\"\n"
                + "  give token, to ask for it as elsewhere, or open", "server", "--config", name);
        Files.writeString(file, "millrace.threads = 0");
        assertRefused("MR-6003  configuration file " + name + ": threads is 0\n"
                + "  give 1 to 1024, or leave it out", "server", "--config", name);
        Files.writeString(file, "millrace {");
        assertRefused("MR-6003  configuration file " + name, "server", "--config", name);
    }

    private static void assertRefused(String beginning, String... words) {
        CommandRun run = CommandRun.of(words);
        assertEquals(ExitCode.INVALID, run.exitCode(), run.err());
        assertTrue(run.err().startsWith(beginning), run.err());
        run.assertNoStackTrace();
    }
}
