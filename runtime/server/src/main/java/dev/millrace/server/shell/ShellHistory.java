// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.regex.Pattern;
import org.jline.reader.History;
import org.jline.reader.impl.history.DefaultHistory;

/** The statements that were typed before. What seems to hold a secret can be recalled, but never gets into the file. */
public final class ShellHistory extends DefaultHistory {
    /** Statements that are kept in memory and in the file. */
    static final int STATEMENTS_MAX = 2000;

    private static final Pattern SECRET =
            Pattern.compile("passw(or)?d|secret|token|credential|sasl\\.jaas\\.config|api.?key",
                    Pattern.CASE_INSENSITIVE);

    /**
     * Where statements are kept: below the user's state directory if there is one, else below the home directory.
     *
     * @param environment the variables of the process
     * @param home the user's home directory
     */
    public static Path file(Map<String, String> environment, Path home) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        // Relative paths are to be ignored, says the specification of these variables.
        Path directory = state.startsWith("/") ? Path.of(state, "millrace") : home.resolve(".millrace");
        return directory.resolve("history");
    }

    /**
     * Makes the file if it is not there, for nobody else to read.
     *
     * @return whether it can be used
     */
    static boolean prepare(Path file) {
        try {
            Files.createDirectories(file.getParent());
            if (Files.notExists(file)) {
                Files.createFile(file);
                if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
                }
            }
            return Files.isWritable(file);
        } catch (IOException e) {
            // The shell works without; there is nothing the user has to do.
            return false;
        }
    }

    /** Whether the text seems to hold something that does not belong in a file. */
    static boolean seemsSecret(String text) {
        return SECRET.matcher(text).find();
    }

    @Override
    public boolean isPersistable(History.Entry entry) {
        return !seemsSecret(entry.line());
    }
}
