// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Persistence ids as directories, and back. Lower-case letters, digits, {@code -}, {@code _} and inner dots stay; every
 * other byte of the UTF-8 text becomes {@code %hh}, capitals too, as some file systems don't tell them apart. Ids that
 * are longer than a name may be go on in a directory below; the segments before the last end with {@code +}.
 */
final class PersistenceIds {
    /** File systems allow 255 bytes. */
    private static final int SEGMENT_CHARACTERS = 200;
    private static final String CONTINUED = "+";

    private PersistenceIds() {}

    /** The directory of an id below a root. Different ids have different directories, none of which holds another's. */
    static Path directory(Path root, String persistenceId) {
        if (persistenceId.isEmpty()) {
            throw new IllegalArgumentException("a persistence id can't be empty");
        }
        String encoded = encode(persistenceId);
        Path directory = root;
        int start = 0;
        while (encoded.length() - start > SEGMENT_CHARACTERS) {
            directory = directory.resolve(encoded.substring(start, start + SEGMENT_CHARACTERS) + CONTINUED);
            start += SEGMENT_CHARACTERS;
        }
        return directory.resolve(encoded.substring(start));
    }

    /** The id of a directory that {@link #directory} gave. */
    static String persistenceId(Path root, Path directory) {
        StringBuilder encoded = new StringBuilder();
        for (Path segment : root.relativize(directory)) {
            String name = segment.toString();
            encoded.append(name.endsWith(CONTINUED) ? name.substring(0, name.length() - 1) : name);
        }
        return decode(encoded.toString());
    }

    /** Whether a directory holds no files, but directories with longer names. */
    static boolean isContinued(Path directory) {
        return directory.getFileName().toString().endsWith(CONTINUED);
    }

    private static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        HexFormat hex = HexFormat.of();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '-' || b == '_'
                    || b == '.' && encoded.length() % SEGMENT_CHARACTERS != 0;
            if (plain) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(hex.toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    private static String decode(String encoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                bytes.write(HexFormat.fromHexDigits(encoded, i + 1, i + 3));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
