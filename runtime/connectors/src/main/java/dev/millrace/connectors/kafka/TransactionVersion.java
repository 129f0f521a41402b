// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;

/**
 * Which transactions the brokers make. Before version 2 a record that a producer sent and gave up could come into the next
 * transaction of the same producer, or one of another's stay open for ever.
 *
 * @param switchedOn the version that the cluster uses, 0 if none is known
 * @param known the highest version that its brokers know
 */
record TransactionVersion(int switchedOn, int known) {
    /** The feature's name at the brokers. */
    static final String FEATURE = "transaction.version";

    private static final int NEEDED = 2;

    /**
     * Checks that rows can be written exactly once.
     *
     * @param use what is to be written, such as {@code topic 'orders'}
     * @throws MillraceException if not
     */
    void check(ClientSettings settings, String use) {
        if (switchedOn >= NEEDED) {
            return;
        }
        String upgrade = known >= NEEDED
                ? "switch them on: kafka-features.sh --bootstrap-server " + settings.servers() + " upgrade --feature "
                        + FEATURE + "=" + NEEDED
                : "brokers have them from Kafka 4.0 on";
        throw new MillraceException(
                ErrorCode.NOT_SUPPORTED,
                "the brokers " + settings.servers() + " can't take the rows for " + use + " exactly once: that needs"
                        + " transactions of version " + NEEDED + ", theirs are of version " + switchedOn,
                upgrade + "\nor take each row at least once: '" + KafkaOption.GUARANTEE + "' = 'at-least-once' in the"
                        + " table's WITH (…)");
    }
}
