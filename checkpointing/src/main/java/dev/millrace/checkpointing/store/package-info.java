// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * Logs and snapshots as files in a directory, and the Pekko Persistence plugins on top of them.
 *
 * <p>Owns the file format and the rules of publishing: a file appears under its number whole and forced, or not at all,
 * and never replaces another. It must never load what fails its checksum, never skip a file, and never answer with
 * something older than what was asked for. The layout is in {@code docs/design/checkpoint-files.md}.
 */
package dev.millrace.checkpointing.store;
