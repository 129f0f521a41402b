// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.checkpointing.EpochCommitted;
import dev.millrace.checkpointing.ImageComplete;
import dev.millrace.cluster.protocol.EpochLog;
import java.util.function.Consumer;
import org.apache.pekko.japi.pf.ReceiveBuilder;
import org.apache.pekko.persistence.SnapshotOffer;

/** How the log of a partition is read by those who claim it. */
final class LogReading {
    private LogReading() {}

    /**
     * What a recovery hands over, without its end.
     *
     * @param log is told of everything
     * @param taker gets the epochs
     */
    static ReceiveBuilder of(EpochLog log, Consumer<EpochCommitted> taker) {
        return ReceiveBuilder.create()
                .match(SnapshotOffer.class, offer -> {
                    ImageComplete image = (ImageComplete) offer.snapshot();
                    log.image(
                            offer.metadata().sequenceNr(),
                            image.firstEpoch(),
                            image.lastEpoch(),
                            image.incarnation());
                })
                .match(KeeperEvent.Started.class, event -> log.started(event.incarnation()))
                .match(KeeperEvent.Shut.class, event -> log.shut(event.incarnation(), event.generation()))
                .match(EpochCommitted.class, event -> {
                    log.epoch(event.epoch(), event.incarnation(), event.begins());
                    taker.accept(event);
                });
    }
}
