// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringJoiner;

/** Where a node keeps jobs and checkpoints. As text it may be shown to anybody: it never holds a password. */
public sealed interface StatePlace {
    /** Takes the place of what a URL does not say of the user of a database. */
    String USER_VARIABLE = "MILLRACE_STATE_USER";
    /** Takes the place of what a URL does not say of the password. */
    String PASSWORD_VARIABLE = "MILLRACE_STATE_PASSWORD";
    /** Names a file that holds the password, for containers that are given their secrets as files. */
    String PASSWORD_FILE_VARIABLE = "MILLRACE_STATE_PASSWORD_FILE";

    /** Nowhere beyond the process. */
    record Memory() implements StatePlace {
        @Override
        public String toString() {
            return "memory";
        }
    }

    /** Files, in a directory that is made where it isn't there. */
    record Directory(Path path) implements StatePlace {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /**
     * The tables of a database of PostgreSQL's.
     *
     * @param url      as its driver takes it, without user and password
     * @param user     who logs in, or empty for the user of the process
     * @param password empty if none is needed
     */
    record Database(String url, String user, String password) implements StatePlace {
        private static final String PREFIX = "jdbc:postgresql:";

        @Override
        public String toString() {
            return url;
        }

        private static Database parse(String text, Map<String, String> environment) {
            if (!text.startsWith(PREFIX)) {
                throw new MillraceException(ErrorCode.USAGE,
                        "state in a database of this kind is not supported: " + text.replaceAll("[?].*", ""),
                        "give " + PREFIX + "//HOST:PORT/DATABASE, or a directory");
            }
            int question = text.indexOf('?');
            String user = environment.getOrDefault(USER_VARIABLE, "");
            String password = password(environment);
            if (question < 0) {
                return new Database(text, user, password);
            }
            StringJoiner others = new StringJoiner("&", "?", "").setEmptyValue("");
            for (String parameter : text.substring(question + 1).split("&")) {
                int equals = parameter.indexOf('=');
                String name = equals < 0 ? parameter : parameter.substring(0, equals);
                String value = URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8);
                switch (name) {
                    case "user" -> user = value;
                    case "password" -> password = value;
                    default -> others.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
                }
            }
            return new Database(text.substring(0, question) + others, user, password);
        }

        private static String password(Map<String, String> environment) {
            String password = environment.getOrDefault(PASSWORD_VARIABLE, "");
            String file = environment.getOrDefault(PASSWORD_FILE_VARIABLE, "");
            if (!password.isEmpty() || file.isEmpty()) {
                return password;
            }
            try {
                return Files.readString(Path.of(file)).strip();
            } catch (IOException | InvalidPathException e) {
                throw new MillraceException(ErrorCode.USAGE, "the password of the state can't be read from " + file,
                        null, PASSWORD_FILE_VARIABLE + " names a file that this user may read", e);
            }
        }
    }

    /** The directory, or null if the state is kept elsewhere. */
    default Path directory() {
        return this instanceof Directory directory ? directory.path() : null;
    }

    /** A directory, or memory if it is null. */
    static StatePlace directory(Path path) {
        return path == null ? new Memory() : new Directory(path);
    }

    /**
     * What a user names: a directory, or a database by a URL that begins with {@code jdbc:}.
     *
     * @param environment the variables of the process
     * @throws MillraceException if it is neither
     */
    static StatePlace of(String text, Map<String, String> environment) {
        if (text.startsWith("jdbc:")) {
            return Database.parse(text, environment);
        }
        try {
            return new Directory(Path.of(text));
        } catch (InvalidPathException e) {
            throw new MillraceException(ErrorCode.USAGE, "\"" + text + "\" is not a path", null, null, e);
        }
    }
}
