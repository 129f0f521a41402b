// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.lane;

import com.typesafe.config.Config;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;

/**
 * How rows are sent to other nodes; {@code millrace.lanes} of the node's settings, where the defaults stand.
 *
 * @param batchBytes the most bytes of one message; a delivery that is larger is sent in parts
 * @param rowBytesMax the most bytes of a row for a client, which is not sent in parts: as many as fit a frame
 * @param compression whether deliveries are compressed
 */
public record LaneWireSettings(int batchBytes, int rowBytesMax, LaneCompression compression) {
    /** Room in a frame for what stands before the bytes: addresses, and the numbers of a part. */
    private static final int ENVELOPE_BYTES = 64 << 10;

    /** @throws MillraceException if they are not valid */
    public static LaneWireSettings of(Config config) {
        long bytes = config.getBytes("millrace.lanes.batch-bytes");
        long frame = config.getBytes("pekko.remote.artery.advanced.maximum-large-frame-size");
        if (bytes < 1 || bytes + ENVELOPE_BYTES > frame) {
            throw new MillraceException(
                    ErrorCode.OPTION_INVALID, "millrace.lanes.batch-bytes is " + bytes,
                    "give at most " + (frame - ENVELOPE_BYTES) + ", so that it fits a frame of " + frame
                            + " bytes (pekko.remote.artery.advanced.maximum-large-frame-size)");
        }
        return new LaneWireSettings((int) bytes, (int) (frame - ENVELOPE_BYTES),
                LaneCompression.named(config.getString("millrace.lanes.compression")));
    }
}
