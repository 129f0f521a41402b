// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing;

/**
 * The snapshot of a keeper: the events of these epochs hold a whole image of the partition's state. It is stored under
 * the number of the event before that of the first epoch, so that a recovery reads from there on.
 *
 * @param firstEpoch  the epoch with whose portion the image begins
 * @param lastEpoch   the epoch whose portion completes it
 * @param incarnation the incarnation of the partition that wrote it
 */
public record ImageComplete(long firstEpoch, long lastEpoch, long incarnation) {
    public ImageComplete {
        if (lastEpoch < firstEpoch) {
            throw new IllegalArgumentException("an image can't end with epoch " + lastEpoch + ", before its first, "
                    + firstEpoch);
        }
    }
}
