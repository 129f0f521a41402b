// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Properties;

/** The name of the release that writes, as stored in each file so that an older release can say what it can't read. */
final class WriterRelease {
    /** Bytes of the name in a file: ASCII, filled up with spaces. */
    static final int BYTES = 32;

    private static final byte[] CURRENT = encode("millrace " + version());

    private WriterRelease() {}

    static byte[] current() {
        return CURRENT.clone();
    }

    static String decode(byte[] bytes, int offset) {
        return new String(bytes, offset, BYTES, StandardCharsets.US_ASCII).strip();
    }

    private static byte[] encode(String name) {
        byte[] filled = new byte[BYTES];
        Arrays.fill(filled, (byte) ' ');
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, filled, 0, Math.min(ascii.length, BYTES));
        return filled;
    }

    private static String version() {
        try (InputStream in = WriterRelease.class.getResourceAsStream("release.properties")) {
            if (in == null) {
                throw new IllegalStateException("release.properties is not on the class path");
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
