// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format;

import dev.millrace.engine.error.ErrorCode;

/** Takes the records that can't be decoded. */
public interface RecordErrors {
    /** Bad records of one batch at which a decoder stops, so that their number is bounded like that of the rows. */
    int RECORDS_MAX = 1024;

    /**
     * @param from index of the record's first byte
     * @param to behind its last byte, without line end
     * @param reason what is wrong with it, in one sentence
     */
    void reject(byte[] data, int from, int to, ErrorCode code, String reason);
}
