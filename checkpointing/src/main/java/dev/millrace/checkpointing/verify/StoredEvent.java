// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.verify;

import java.nio.file.Path;

/**
 * An event of a log.
 *
 * @param persistenceId whose it is
 * @param sequenceNr    its number
 * @param timeMillis    when it was written, in milliseconds since 1970
 * @param writer        the instance of the actor that wrote it
 * @param content       an epoch as its {@link dev.millrace.checkpointing.codec.EpochSummary}, another event of Millrace's
 *                      as itself, and what is foreign as the text {@code serializer N manifest}
 * @param bytes         what it takes, without what all files have
 * @param deleted       whether it is deleted, and only waits for its file to be emptied
 * @param file          the slot that holds it
 */
public record StoredEvent(
        String persistenceId, long sequenceNr, long timeMillis, String writer, Object content, long bytes,
        boolean deleted, Path file) {}
