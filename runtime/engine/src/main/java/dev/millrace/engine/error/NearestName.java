// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.error;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody probably meant. */
public final class NearestName {
    private NearestName() {}

    /**
     * The candidate with the smallest edit distance to the name, letters compared without case, if it is near: at most
     * a third of the letters differ, or one in a short name.
     */
    public static Optional<String> of(String name, Collection<String> candidates) {
        String best = null;
        int smallest = Math.max(1, name.length() / 3) + 1;
        for (String candidate : candidates) {
            int distance = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < smallest) {
                smallest = distance;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    /**
     * The hint of an error: the nearest name as a question, and all names.
     *
     * @param kind what the candidates are, such as "columns of trades"
     */
    public static String hint(String name, Collection<String> candidates, String kind) {
        String all = kind + ": " + (candidates.isEmpty() ? "(none)" : String.join(", ", candidates));
        return of(name, candidates).map(near -> "did you mean \"" + near + "\"? " + all).orElse(all);
    }

    /** Levenshtein distance in which swapping two neighbours counts once (optimal string alignment). */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
                boolean swapped = i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
