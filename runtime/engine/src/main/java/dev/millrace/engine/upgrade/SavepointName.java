// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.upgrade;

/**
 * The full name of a savepoint.
 *
 * @param job the job of which it is
 * @param savepoint its name there, without slashes
 */
public record SavepointName(String job, String savepoint) {
    /** The option of a job that names the savepoint from which it starts. */
    public static final String OPTION = "savepoint";

    /** The option of a job that says whether it may lose something of that savepoint. */
    public static final String ALLOW_LOSS_OPTION = "savepoint.allow-loss";

    /** The option of a job that says whether it may give again what was given after that savepoint. */
    public static final String ALLOW_REPEATS_OPTION = "savepoint.allow-repeats";

    /**
     * Reads {@code job/savepoint}, or the name of a savepoint of one job.
     *
     * @param job whose savepoint it is if the text does not say
     */
    public static SavepointName parse(String text, String job) {
        int slash = text.lastIndexOf('/');
        return slash < 0 ? new SavepointName(job, text)
                : new SavepointName(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    public String toString() {
        return job + "/" + savepoint;
    }
}
