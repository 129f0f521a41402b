// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** The connector {@code filesystem}: lists of files as splits, read in large chunks and replayable by byte. */
package dev.millrace.connectors.filesystem;
