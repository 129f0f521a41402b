// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.run;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The text of a script, from a file or from standard input. */
public final class Script {
    /** Stands for standard input. */
    public static final String STANDARD_INPUT = "-";

    private static final int SCRIPT_BYTES_MAX = 64 << 20;

    private Script() {}

    /**
     * Reads a script.
     *
     * @param file a path, or {@link #STANDARD_INPUT}
     * @throws MillraceException if it can't be read, with the file that was probably meant
     */
    public static String read(String file, InputStream in) {
        try {
            byte[] bytes = file.equals(STANDARD_INPUT) ? in.readNBytes(SCRIPT_BYTES_MAX) : bytesOf(Path.of(file));
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new MillraceException(
                    ErrorCode.SCRIPT_UNREADABLE, "script \"" + file + "\" is not UTF-8 text", null, null, e);
        } catch (IOException | InvalidPathException e) {
            throw new MillraceException(
                    ErrorCode.SCRIPT_UNREADABLE,
                    "script \"" + file + "\" can't be read: " + e.getMessage(),
                    null,
                    null,
                    e);
        }
    }

    private static byte[] bytesOf(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new MillraceException(ErrorCode.SCRIPT_UNREADABLE, "script \"" + file + "\" is not there",
                    hint(file));
        }
        if (Files.isDirectory(file)) {
            throw new MillraceException(
                    ErrorCode.SCRIPT_UNREADABLE, "script \"" + file + "\" is a directory", "name a file in it");
        }
        return Files.readAllBytes(file);
    }

    private static String hint(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(directory)) {
            return "directory " + directory + " is not there either";
        }
        try (Stream<Path> entries = Files.list(directory)) {
            List<String> scripts = entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.endsWith(".sql"))
                    .sorted()
                    .toList();
            return NearestName.of(file.getFileName().toString(), scripts)
                    .map(near -> "did you mean \"" + near + "\"?")
                    .orElse("looked in " + directory);
        } catch (IOException e) {
            return "directory " + directory + " can't be read";
        }
    }
}
