// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.verify;

import java.nio.file.Path;

/**
 * All that is kept under a persistence id.
 *
 * @param persistenceId the name
 * @param directory     where its events are, or its snapshots if it has no events
 * @param events        events that are sound, those included that are deleted
 * @param lastNr        number of the newest event, 0 if there is none
 * @param deletedTo     number up to which events are deleted, 0 if none are
 * @param emptySlots    names without content, which fence writers that were asleep
 * @param snapshots     snapshots that are sound
 * @param leftovers     files that were never published; the next recovery removes them
 * @param fileBytes     bytes of all its files
 */
public record StoredLog(
        String persistenceId, Path directory, long events, long lastNr, long deletedTo, int emptySlots, int snapshots,
        int leftovers, long fileBytes) {}
