// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.lane;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.util.Locale;

/** Whether deliveries to other nodes are compressed: {@code millrace.lanes.compression}. */
public enum LaneCompression {
    /** Where the other node is on another host: what a network saves there, memory doesn't need. */
    AUTO,
    /** Never. */
    NONE,
    /** Always. */
    LZ4;

    static LaneCompression named(String name) {
        for (LaneCompression compression : values()) {
            if (compression.name().equals(name.toUpperCase(Locale.ROOT))) {
                return compression;
            }
        }
        throw new MillraceException(
                ErrorCode.OPTION_INVALID, "millrace.lanes.compression is '" + name + "'", "use auto, none or lz4");
    }

    /**
     * Whether deliveries are compressed between two hosts.
     *
     * @param own the host of this node, as it is known to others
     * @param other that of the node where the partition is
     */
    boolean applies(String own, String other) {
        return switch (this) {
            case AUTO -> !own.equals(other) && !isLoopback(other);
            case NONE -> false;
            case LZ4 -> true;
        };
    }

    /** By its text: no name is looked up, which may take seconds. */
    private static boolean isLoopback(String host) {
        return host.startsWith("127.") || host.equals("localhost") || host.equals("::1") || host.equals("[::1]");
    }
}
