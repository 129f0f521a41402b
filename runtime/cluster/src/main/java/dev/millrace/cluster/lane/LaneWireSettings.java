// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.lane;

import com.typesafe.config.Config;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;

/**
 * How deliveries are sent to other nodes; {@code millrace.lane} of the node's settings, where the defaults stand.
 *
 * @param batchBytes the most bytes of one message; what is larger is sent in parts
 * @param compression whether they are compressed
 */
record LaneWireSettings(int batchBytes, LaneCompression compression) {
    /** Room in a frame for what stands before the bytes: addresses, and the numbers of a part. */
    private static final int ENVELOPE_BYTES = 64 << 10;

    static LaneWireSettings of(Config config) {
        long bytes = config.getBytes("millrace.lane.batch-bytes");
        long frame = config.getBytes("pekko.remote.artery.advanced.maximum-large-frame-size");
        if (bytes < 1 || bytes + ENVELOPE_BYTES > frame) {
            throw new MillraceException(
                    ErrorCode.OPTION_INVALID, "millrace.lane.batch-bytes is " + bytes,
                    "give at most " + (frame - ENVELOPE_BYTES) + ", so that it fits a frame of " + frame
                            + " bytes (pekko.remote.artery.advanced.maximum-large-frame-size)");
        }
        return new LaneWireSettings((int) bytes, LaneCompression.named(config.getString("millrace.lane.compression")));
    }
}
