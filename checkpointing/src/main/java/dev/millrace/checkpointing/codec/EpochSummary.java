// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.codec;

/**
 * A stored epoch without its state and its rows.
 *
 * @param epoch       the number of the epoch
 * @param incarnation the incarnation of the partition that wrote it
 * @param begins      whether an image of the state begins with it
 * @param completes   whether it completes the image that began last
 * @param header      as the partition wrote it
 * @param stateBytes  bytes of its portion of the state
 * @param stateStored the bytes of these in the store, which may be fewer by compression
 * @param rowsBytes   bytes of its encoded rows
 * @param rowsStored  the bytes of these in the store
 */
public record EpochSummary(
        long epoch, long incarnation, boolean begins, boolean completes, byte[] header, long stateBytes,
        long stateStored, long rowsBytes, long rowsStored) {}
