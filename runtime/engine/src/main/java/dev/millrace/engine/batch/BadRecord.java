// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.batch;

import dev.millrace.engine.error.ErrorCode;

/**
 * A record that can't be decoded, or a row that can't be processed: what goes to the dead letters.
 *
 * @param position where it stands in its split
 * @param bytes the record as it was read; empty when the row has no bytes of its own any more
 * @param code the kind of error
 * @param reason what is wrong with it, in one sentence
 */
public record BadRecord(long position, byte[] bytes, ErrorCode code, String reason) {}
