// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.checkpoint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a persistence id stands for.
 *
 * @param text the id
 * @param kind whose log it is
 * @param unique the unique id of the job or of the savepoint; the id itself for others
 * @param generation of a partition's job, otherwise 0
 * @param stage of a partition or of its image, otherwise 0
 * @param index of a partition or of its image, otherwise 0
 */
public record LogId(String text, Kind kind, String unique, long generation, int stage, int index) {
    /** Whose log it is. */
    public enum Kind {
        PARTITION, SAVEPOINT, JOB, OTHER
    }

    private static final Pattern SAVEPOINT = Pattern.compile("savepoint-([^/]+)/(\\d+)/(\\d+)");
    private static final Pattern PARTITION = Pattern.compile("([^/|]+)-(\\d+)/(\\d+)/(\\d+)");
    private static final String JOB_PREFIX = "job|";

    static LogId of(String id) {
        if (id.startsWith(JOB_PREFIX)) {
            return new LogId(id, Kind.JOB, id.substring(JOB_PREFIX.length()), 0, 0, 0);
        }
        Matcher savepoint = SAVEPOINT.matcher(id);
        if (savepoint.matches()) {
            return new LogId(id, Kind.SAVEPOINT, savepoint.group(1), 0, number(savepoint, 2), number(savepoint, 3));
        }
        Matcher partition = PARTITION.matcher(id);
        if (partition.matches()) {
            return new LogId(
                    id, Kind.PARTITION, partition.group(1), Long.parseLong(partition.group(2)), number(partition, 3),
                    number(partition, 4));
        }
        return new LogId(id, Kind.OTHER, id, 0, 0, 0);
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    /** Whether it holds epochs. */
    public boolean holdsEpochs() {
        return kind == Kind.PARTITION || kind == Kind.SAVEPOINT;
    }

    /** What its name for people ends with, behind that of the job or savepoint. */
    String place() {
        return holdsEpochs() ? "/" + stage + "/" + index : "";
    }

    /** Whether it may be what people call so. */
    boolean mayBe(String name) {
        return text.equals(name) || name.endsWith(place());
    }
}
