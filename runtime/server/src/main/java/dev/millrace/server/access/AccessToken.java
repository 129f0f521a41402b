// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.access;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The secret that a client sends with each request. It comes from a file or from the environment, never from a command
 * line, which other users of the machine can read.
 */
public final class AccessToken {
    /** The variable that holds the token where no file is named. */
    public static final String VARIABLE = "MILLRACE_TOKEN";

    /** How many characters a token has at least: what is shorter can be guessed. */
    public static final int LENGTH_MIN = 16;

    private static final int LENGTH_MAX = 1024;
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~+/-]+=*");
    private static final String SCHEME = "Bearer ";

    private final String text;
    private final byte[] digest;

    private AccessToken(String text) {
        this.text = text;
        digest = digest(text);
    }

    /**
     * The token of a file, or else that of the environment.
     *
     * @param file a file that holds the token and nothing else but white space around it, or null
     * @param environment the variables of the process
     * @return null if neither is there
     * @throws MillraceException if the file can't be read, or what it holds is no token
     */
    public static AccessToken find(Path file, Map<String, String> environment) {
        if (file != null) {
            return of(read(file), "the token in " + file);
        }
        String text = environment.getOrDefault(VARIABLE, "");
        return text.isEmpty() ? null : of(text, "the token in " + VARIABLE);
    }

    private static AccessToken of(String text, String what) {
        String token = text.strip();
        if (token.length() < LENGTH_MIN || token.length() > LENGTH_MAX || !FORM.matcher(token).matches()) {
            // Not a word of it: what is wrong may be a good part of somebody's secret.
            throw new MillraceException(
                    ErrorCode.TOKEN_UNUSABLE,
                    what + " is not fit",
                    "it has " + LENGTH_MIN + " to " + LENGTH_MAX
                            + " letters, digits and signs of -._~+/= ; make one with: openssl rand -hex 32");
        }
        return new AccessToken(token);
    }

    private static String read(Path file) {
        // One byte more than there may be with white space, so that no file is read to its end.
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(2 * LENGTH_MAX), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.TOKEN_UNUSABLE,
                    "the token can't be read from " + file,
                    null,
                    "name a file with --token-file that this user may read",
                    e);
        }
    }

    /**
     * Whether a request brings this token. Takes the same time whatever is wrong with another one.
     *
     * @param authorization the value of its header, or null
     */
    public boolean isIn(String authorization) {
        return authorization != null
                && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(digest, digest(authorization.substring(SCHEME.length()).strip()));
    }

    /** The value of the header {@code Authorization} of a request. */
    public String authorization() {
        return SCHEME + text;
    }

    /** Says nothing of the secret. */
    @Override
    public String toString() {
        return "token";
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
