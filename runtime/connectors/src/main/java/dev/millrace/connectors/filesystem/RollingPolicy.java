// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

import dev.millrace.connectors.options.TableOptions;
import java.time.Duration;
import java.util.Set;

/**
 * When a part file is published before its epoch ends.
 *
 * @param fileBytes with so many bytes, or at most a row more
 * @param interval when it has been open for so long and rows come
 */
record RollingPolicy(long fileBytes, Duration interval) {
    private static final String FILE_SIZE = "sink.rolling-policy.file-size";
    private static final String INTERVAL = "sink.rolling-policy.rollover-interval";

    /** Taken for the sake of existing scripts: the policy is asked with every batch. */
    private static final String CHECK_INTERVAL = "sink.rolling-policy.check-interval";

    static final Set<String> NAMES = Set.of(FILE_SIZE, INTERVAL, CHECK_INTERVAL);

    private static final long DEFAULT_FILE_BYTES = 128L << 20;
    private static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(1);
    private static final Duration INTERVAL_MIN = Duration.ofMillis(1);

    static RollingPolicy of(TableOptions options) {
        options.duration(CHECK_INTERVAL, DEFAULT_INTERVAL, INTERVAL_MIN);
        return new RollingPolicy(
                options.bytes(FILE_SIZE, DEFAULT_FILE_BYTES, 1),
                options.duration(INTERVAL, DEFAULT_INTERVAL, INTERVAL_MIN));
    }
}
