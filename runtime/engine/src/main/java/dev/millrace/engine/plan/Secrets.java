// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Keeps the secrets among a table's options out of logs, plans and pages. */
public final class Secrets {
    /** What stands in place of a secret. */
    public static final String MASK = "******";

    private static final List<String> WORDS =
            List.of("password", "secret", "jaas", "token", "credential", "private.key", "keystore.key");

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

    /** A statement as it may be shown: without the values of the secrets among these options. */
    public static String masked(String sql, Map<String, String> options) {
        String shown = sql;
        for (Map.Entry<String, String> option : options.entrySet()) {
            if (isSecret(option.getKey())) {
                shown = shown.replace("'" + option.getValue().replace("'", "''") + "'", "'" + MASK + "'");
            }
        }
        return shown;
    }
}
