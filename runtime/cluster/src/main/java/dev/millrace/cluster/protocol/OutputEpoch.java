// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * What one epoch of a partition gives to the stages that read its output.
 *
 * <p>The positions of an output are the running numbers of its rows. Behind the rows of an epoch with which the watermark
 * has risen, or the output has ended, stands a mark, which takes a number too: so the watermark is a function of the
 * position, as it is in the splits of a source, and can be told without rows.
 *
 * <pre>
 *   from │ row │ row │ … │ mark │ to
 * </pre>
 *
 * @param epoch number of the epoch
 * @param from where it begins, with the watermark of the output there
 * @param to where it ends, with the watermark of the output there, and whether nothing comes behind it
 * @param rows its rows
 * @param bytes their size
 * @param <D> rows in whatever form they are kept
 */
public record OutputEpoch<D>(long epoch, Standing from, Standing to, D rows, long bytes) {}
