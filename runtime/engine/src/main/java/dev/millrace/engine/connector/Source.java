// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.connector;

import java.util.List;

/** A table opened for reading the columns of one job. Immutable; readers share it. */
public interface Source {
    /**
     * The splits with their start and end positions, resolved now. Called once, when the job is created; the result is
     * stored with the job and used from then on.
     *
     * @throws dev.millrace.engine.error.MillraceException if there is nothing to read
     */
    List<Split> resolveSplits();

    /**
     * @param split one of the splits resolved
     * @param position where to start: the split's start or what {@link SplitReader#position} said
     */
    SplitReader open(Split split, long position);
}
