// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.verify;

import java.nio.file.Path;

/**
 * A snapshot.
 *
 * @param persistenceId whose it is
 * @param sequenceNr    the number of the last event that it stands for
 * @param timeMillis    when it was taken, in milliseconds since 1970
 * @param content       as with a {@link StoredEvent}
 * @param bytes         what it takes, without what all files have
 * @param file          where it is
 */
public record StoredSnapshot(
        String persistenceId, long sequenceNr, long timeMillis, Object content, long bytes, Path file) {}
