// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.error;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps the secrets among a table's options out of logs, plans, pages and errors. */
public final class Secrets {
    /** What stands in place of a secret. */
    public static final String MASK = "******";

    private static final List<String> WORDS =
            List.of("password", "secret", "jaas", "token", "credential", "private.key", "keystore.key");

    /** A name, what stands between, a value, and its end, which somebody may have forgotten. */
    private static final Pattern OPTION = Pattern.compile(
            "'((?:[^']++|'')*+)'(\\s*+=\\s*+)'((?:[^']++|'')*+)('|\\z)");

    private Secrets() {}

    /** Whether the option's value is a secret, by its name. */
    public static boolean isSecret(String option) {
        String name = option.toLowerCase(Locale.ROOT);
        return WORDS.stream().anyMatch(name::contains);
    }

    /** The options as they may be shown. */
    public static Map<String, String> masked(Map<String, String> options) {
        Map<String, String> shown = new TreeMap<>(options);
        shown.replaceAll((option, value) -> isSecret(option) ? MASK : value);
        return shown;
    }

    /** SQL as it may be shown: without the values of options that are secrets. */
    public static String masked(String sql) {
        return replaced(sql, _ -> MASK);
    }

    /**
     * SQL as an error may quote it: as {@link #masked(String)}, but everything stays in its place, so that a caret still
     * points at what it means.
     */
    public static String maskedInPlace(String sql) {
        return replaced(sql, value -> value.replaceAll("[^\\r\\n]", "*"));
    }

    private static String replaced(String sql, UnaryOperator<String> mask) {
        return OPTION.matcher(sql)
                .replaceAll(option -> Matcher.quoteReplacement(
                        isSecret(option.group(1))
                                ? "'" + option.group(1) + "'" + option.group(2) + "'" + mask.apply(option.group(3))
                                        + option.group(4)
                                : option.group()));
    }
}
