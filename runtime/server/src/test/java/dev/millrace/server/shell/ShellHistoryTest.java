// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ShellHistoryTest {
    @TempDir
    Path directory;

    @Test
    void shouldLieBelowTheUsersStateDirectory() {
        Path home = Path.of("/home/ada");

        assertEquals(Path.of("/home/ada/.millrace/history"), ShellHistory.file(Map.of(), home));
        assertEquals(
                Path.of("/var/ada/millrace/history"), ShellHistory.file(Map.of("XDG_STATE_HOME", "/var/ada"), home));
        assertEquals(
                Path.of("/home/ada/.millrace/history"),
                ShellHistory.file(Map.of("XDG_STATE_HOME", "relative"), home));
    }

    @Test
    void shouldBeForNobodyElseToRead() throws IOException {
        Path file = directory.resolve("new").resolve("history");

        assertTrue(ShellHistory.prepare(file));

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void shouldDoWithoutAFileThatCannotBe() throws IOException {
        Path noDirectory = Files.writeString(directory.resolve("file"), "");

        assertFalse(ShellHistory.prepare(noDirectory.resolve("history")));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "CREATE TABLE t (a INT) WITH ('properties.ssl.keystore.PASSWORD' = 'x');",
        "CREATE TABLE t (a INT) WITH ('properties.sasl.jaas.config' = 'x');",
        "CREATE TABLE t (a INT) WITH ('client.secret' = 'x');"})
    void shouldKnowASecret(String text) {
        assertTrue(ShellHistory.seemsSecret(text));
    }
}
