// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.connector.EpochSink;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * What the brokers know of a partition's epochs: the position of a group that has no members.
 *
 * @param epoch the last epoch released, {@link EpochSink#NONE} if none is
 * @param incarnation of the last owner that opened the target; 0 if nobody has
 */
record EpochMarker(long epoch, long incarnation) {
    static final EpochMarker NOTHING = new EpochMarker(EpochSink.NONE, 0);

    private static final Pattern TEXT = Pattern.compile("epoch=(-1|\\d{1,18}) incarnation=(\\d{1,18})");

    OffsetAndMetadata position() {
        // Offsets start at 0, epochs at NONE.
        return new OffsetAndMetadata(epoch - EpochSink.NONE, "epoch=" + epoch + " incarnation=" + incarnation);
    }

    /** @return null if it is not the position of a marker */
    static EpochMarker of(OffsetAndMetadata position) {
        Matcher text = TEXT.matcher(position.metadata());
        return text.matches() ? new EpochMarker(Long.parseLong(text.group(1)), Long.parseLong(text.group(2))) : null;
    }
}
