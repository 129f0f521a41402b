// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.DeleteMessagesFailure;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.DeleteSnapshotSuccess;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.Recovery;
import org.apache.pekko.persistence.RecoveryCompleted;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SnapshotOffer;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import scala.Option;

/** A persistent actor that tells a probe all that happens to it. */
final class Recorder extends AbstractPersistentActor {
    private final String id;
    private final Recovery recovery;
    private final ActorRef probe;
    private final List<Object> recovered = new ArrayList<>();
    private long snapshotNumber;

    private Recorder(String id, Recovery recovery, ActorRef probe) {
        this.id = id;
        this.recovery = recovery;
        this.probe = probe;
    }

    record Persist(List<Object> events) {}

    /** Saves a snapshot under a number of its own, or under the last event's if it is 0. */
    record Save(long number, Object snapshot) {}

    record DeleteEvents(long to) {}

    record DeleteSnapshot(long number) {}

    record DeleteSnapshots(SnapshotSelectionCriteria criteria) {}

    record Recovered(List<Object> all, long lastSequenceNr) {}

    record Persisted(Object event, long sequenceNr) {}

    record Failed(String what, Throwable cause) {}

    static Props props(String id, ActorRef probe) {
        return props(id, Recovery.create(), probe);
    }

    static Props props(String id, Recovery recovery, ActorRef probe) {
        return Props.create(Recorder.class, () -> new Recorder(id, recovery, probe));
    }

    @Override
    public String persistenceId() {
        return id;
    }

    @Override
    public Recovery recovery() {
        return recovery;
    }

    @Override
    public long snapshotSequenceNr() {
        return snapshotNumber == 0 ? lastSequenceNr() : snapshotNumber;
    }

    @Override
    public Receive createReceiveRecover() {
        return receiveBuilder().match(SnapshotOffer.class, offer -> {
            recovered.add(offer.snapshot());
            recovered.add(offer.metadata().sequenceNr());
        }).match(RecoveryCompleted.class, done -> probe.tell(new Recovered(recovered, lastSequenceNr()), self()))
                .matchAny(recovered::add).build();
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder().match(Persist.class, persist -> persistAll(persist.events(),
                event -> probe.tell(new Persisted(event, lastSequenceNr()), self()))).match(Save.class, save -> {
                    snapshotNumber = save.number();
                    saveSnapshot(save.snapshot());
                }).match(DeleteEvents.class, delete -> deleteMessages(delete.to()))
                .match(DeleteSnapshot.class, delete -> deleteSnapshot(delete.number()))
                .match(DeleteSnapshots.class, delete -> deleteSnapshots(delete.criteria()))
                .match(SaveSnapshotSuccess.class, this::tell).match(SaveSnapshotFailure.class, this::tell)
                .match(DeleteMessagesSuccess.class, this::tell).match(DeleteMessagesFailure.class, this::tell)
                .match(DeleteSnapshotSuccess.class, this::tell).match(DeleteSnapshotsSuccess.class, this::tell).build();
    }

    @Override
    public void onPersistFailure(Throwable cause, Object event, long sequenceNr) {
        tell(new Failed("persist", cause));
    }

    @Override
    public void onPersistRejected(Throwable cause, Object event, long sequenceNr) {
        tell(new Failed("rejected", cause));
    }

    @Override
    public void onRecoveryFailure(Throwable cause, Option<Object> event) {
        tell(new Failed("recovery", cause));
    }

    private void tell(Object message) {
        probe.tell(message, self());
    }
}
