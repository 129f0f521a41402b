// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.verify;

import java.nio.file.Path;

/**
 * Something that can't be used as it is.
 *
 * @param persistenceId whose it is, as its place says; empty if the place says nothing
 * @param file          the file, or the directory in which something is missing
 * @param what          what is wrong with it
 */
public record Damage(String persistenceId, Path file, String what) {
    @Override
    public String toString() {
        return file + ": " + what;
    }
}
