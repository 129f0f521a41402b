// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.batch;

import dev.millrace.engine.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of the batch being processed that failed, each with its reason. Whoever finds a failing row adds it here and
 * takes it out of the selection; whoever drives the operators takes the list and sends the rows to the dead letters.
 */
public final class RowErrors {
    /**
     * A row that failed.
     *
     * @param position its position in the split, or -1 where it is not known
     * @param code the kind of error
     * @param reason what went wrong, in one sentence
     */
    public record RowError(long position, ErrorCode code, String reason) {}

    private List<RowError> errors = new ArrayList<>();

    public void add(long position, ErrorCode code, String reason) {
        errors.add(new RowError(position, code, reason));
    }

    public boolean isEmpty() {
        return errors.isEmpty();
    }

    /** Gives the errors and forgets them. */
    public List<RowError> take() {
        List<RowError> taken = errors;
        errors = new ArrayList<>();
        return taken;
    }
}
