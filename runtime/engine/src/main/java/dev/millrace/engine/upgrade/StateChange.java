// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.upgrade;

/**
 * What becomes of one part of a job's state.
 *
 * @param operator the operator that has the state, or the source, as EXPLAIN calls it
 * @param state the part, such as {@code groups} or {@code SUM(price)}
 * @param fate what becomes of it
 * @param reason why, or what one should know; null if there is nothing to say
 */
public record StateChange(String operator, String state, Fate fate, String reason) {
    /** What happens, in one line: {@code kept}, or {@code LOST: the key was a and is b}. */
    public String outcome() {
        String what = switch (fate) {
            case KEPT -> "kept";
            case ADDED -> reason == null ? "new, starts empty" : "new";
            case DROPPED -> "dropped";
            case LOST -> "LOST";
        };
        return reason == null ? what : what + ": " + reason;
    }
}
