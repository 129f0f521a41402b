// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.status.JobState;

/**
 * What a job's actor is about with the job; nothing of it outlives the actor.
 *
 * <pre>
 *   preparing ──prepared──▶ idle ──start──▶ coming up ──all have been at work──▶ at work
 *                            ▲                  └──────────────┬────────────────────┘
 *                            ├──────────────halt───────────────┤
 *                            └──halt── stopping ◀─────stop─────┘
 * </pre>
 */
final class JobCourse {
    private JobCommand.Run preparing;
    private long attempts;
    private boolean createdNow;
    private boolean started;
    private JobState comingUp;
    private JobState stoppingInto;
    private boolean resting;

    /**
     * Something is looked up and laid down, with which the job shall begin.
     *
     * @return the number of the attempt
     */
    long prepare(JobCommand.Run run) {
        preparing = run;
        return ++attempts;
    }

    /** What is being prepared, or null. */
    JobCommand.Run preparing() {
        return preparing;
    }

    boolean isPreparing() {
        return preparing != null;
    }

    /** Whether what is being prepared is this attempt, and not one since. */
    boolean isPreparing(long attempt) {
        return preparing != null && attempt == attempts;
    }

    /** Nothing is being prepared any more. */
    void giveUpPreparing() {
        preparing = null;
    }

    /** All is prepared, and the job a new one. */
    void prepared() {
        preparing = null;
        createdNow = true;
    }

    /** Partitions and readers are to be at work. */
    void start() {
        started = true;
        comingUp = createdNow ? JobState.STARTING : JobState.RECOVERING;
        createdNow = false;
    }

    /** Whether partitions and readers may be there. */
    boolean isStarted() {
        return started;
    }

    /** Whether partitions and readers are there and do not stop. */
    boolean isAtWork() {
        return started && stoppingInto == null;
    }

    /** STARTING or RECOVERING until all partitions have been at work once, then null. */
    JobState comingUp() {
        return comingUp;
    }

    void cameUp() {
        comingUp = null;
    }

    /** Partitions and readers stop. Also a job whose actor is a new one may have some at work. */
    void stop(JobState into) {
        started = true;
        stoppingInto = into;
    }

    boolean isStopping() {
        return stoppingInto != null;
    }

    /** What the job shall be when all have stopped, or null if they do not stop. */
    JobState stoppingInto() {
        return stoppingInto;
    }

    /** Partitions and readers have nothing to do any more. */
    void halt() {
        started = false;
        stoppingInto = null;
    }

    /** The process ends: the job does nothing until the next one. */
    void rest() {
        resting = true;
    }

    boolean isResting() {
        return resting;
    }
}
