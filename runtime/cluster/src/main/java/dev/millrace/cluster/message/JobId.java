// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

/**
 * A job for ever: what all durable names are made of.
 *
 * @param unique unique over all jobs, also over those of the same name; letters and digits
 * @param generation counts the restores and rescales of the job, from 1
 * @param name the job's name for people; empty for an interactive SELECT
 */
public record JobId(String unique, long generation, String name) {
    /** How the unique ids of interactive SELECTs begin, and of nothing else. */
    public static final String NAMELESS = "query";

    /** The same job, restored or rescaled. */
    public JobId withGeneration(long other) {
        return new JobId(unique, other, name);
    }

    private String prefix() {
        return unique + "-" + generation;
    }

    /** Name of a partition: entity id and persistence id. */
    public String partition(int stage, int index) {
        return prefix() + "/" + stage + "/" + index;
    }

    /**
     * Name of the reader of a split: entity id.
     *
     * @param input name of the input, see {@link #input}
     */
    public String reader(String input) {
        return prefix() + "/" + input;
    }

    /** Name of an input of a stage, unique in the job. */
    public static String input(int stage, int input, int split) {
        return inputPrefix(stage, input) + split;
    }

    /** What the names of all splits of one input of a stage begin with. */
    public static String inputPrefix(int stage, int input) {
        return stage + "." + input + ".";
    }

    /** Name of the output of a partition as an input of later stages, unique in the job. */
    public static String output(int stage, int partition) {
        return outputPrefix(stage) + partition;
    }

    /** What the names of the outputs of all partitions of a stage begin with. */
    public static String outputPrefix(int stage) {
        return "s" + stage + ".";
    }

    /**
     * The number of the split, or of the partition, in the name of an input; -1 if only what names of its inputs begin with
     * is known.
     */
    public static int split(String inputName) {
        String number = inputName.substring(inputName.lastIndexOf('.') + 1);
        return number.isEmpty() ? -1 : Integer.parseInt(number);
    }

    /** The job as people see it in messages. */
    @Override
    public String toString() {
        return name.isEmpty() ? "query " + unique : name;
    }
}
