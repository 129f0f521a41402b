// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which Millrace this is. */
final class Version {
    private static final String COMMIT_PROPERTY = "millrace.commit";

    private Version() {}

    /** One line: version, commit, Java. */
    static String current() {
        Properties build = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            build.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String commit = System.getProperty(COMMIT_PROPERTY, "");
        return "millrace " + build.getProperty("version") + " (commit " + (commit.isBlank() ? "unknown" : commit)
                + ", Java " + Runtime.version().feature() + ")";
    }
}
