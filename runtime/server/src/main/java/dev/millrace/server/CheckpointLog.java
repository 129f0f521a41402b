// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.checkpointing.codec.EpochSummary;
import dev.millrace.checkpointing.verify.StoredEvent;
import dev.millrace.cluster.partition.EpochHeader;
import dev.millrace.cluster.partition.KeeperEvent;
import dev.millrace.cluster.protocol.InputVector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.server.checkpoint.LogSummary;
import dev.millrace.server.checkpoint.StoredLogs;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** One log in detail: its events, and where the inputs stood. Never shows rows, state or SQL. */
final class CheckpointLog {
    private static final long NO_EPOCH = -1;

    private final LogSummary log;
    private final List<StoredEvent> events;
    private final boolean json;

    CheckpointLog(LogSummary log, StoredLogs logs, Arguments arguments) {
        this.log = log;
        json = arguments.has("--json");
        long epoch = arguments.whole("--epoch", NO_EPOCH, 1, Long.MAX_VALUE);
        events = epoch == NO_EPOCH ? logs.events(log.id()) : only(epoch, logs.events(log.id()));
    }

    private List<StoredEvent> only(long epoch, List<StoredEvent> all) {
        List<StoredEvent> found = all.stream()
                .filter(event -> event.content() instanceof EpochSummary summary && summary.epoch() == epoch)
                .toList();
        if (found.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.USAGE, "the log holds no epoch " + epoch,
                    log.lastEpoch() == 0
                            ? "it holds no epochs at all"
                            : "it holds epochs " + log.firstEpoch() + " to " + log.lastEpoch());
        }
        return found;
    }

    void show(PrintStream out) {
        if (json) {
            events.forEach(event -> out.println(json(event)));
            return;
        }
        TextTable table = log.id().holdsEpochs()
                ? new TextTable(
                        "event", "time", "what", "epoch", "start", "image", "state bytes", "stored", "outbox bytes",
                        "rows read", "rows written", "bad", "released", "watermark")
                : new TextTable("event", "time", "what", "bytes");
        for (StoredEvent event : events) {
            add(event, table);
        }
        out.print(table);
        if (!events.isEmpty() && last() != null) {
            out.println();
            out.println("inputs at epoch " + last().epoch() + ":");
            out.print(inputs(EpochHeader.read(last().header()).inputs()));
        }
    }

    private EpochSummary last() {
        return events.stream()
                .map(StoredEvent::content)
                .filter(EpochSummary.class::isInstance)
                .map(EpochSummary.class::cast)
                .reduce((_, last) -> last)
                .orElse(null);
    }

    private void add(StoredEvent event, TextTable table) {
        Instant time = Instant.ofEpochMilli(event.timeMillis());
        if (!log.id().holdsEpochs()) {
            table.add(event.sequenceNr(), time, what(event), event.bytes());
        } else if (event.content() instanceof EpochSummary epoch) {
            EpochHeader header = EpochHeader.read(epoch.header());
            table.add(
                    event.sequenceNr(), time, header.finished() ? "last epoch" : "epoch", epoch.epoch(),
                    epoch.incarnation(), image(epoch), epoch.stateBytes(), event.bytes(), epoch.rowsBytes(),
                    header.rowsRead(), header.rowsWritten(), header.badRecords(),
                    header.marker() < 0 ? null : header.marker(), watermark(header.inputs().watermark()));
        } else {
            Long start = event.content() instanceof KeeperEvent claim ? claim.incarnation() : null;
            table.add(
                    event.sequenceNr(), time, what(event), null, start, null, null, event.bytes(), null, null, null,
                    null, null, null);
        }
    }

    private static String what(StoredEvent event) {
        return event.content() instanceof String foreign
                ? foreign
                : event.content().getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String image(EpochSummary epoch) {
        if (epoch.begins()) {
            return epoch.completes() ? "whole" : "begins";
        }
        return epoch.completes() ? "completes" : null;
    }

    private static TextTable inputs(InputVector inputs) {
        TextTable table = new TextTable("input", "position", "watermark", "state");
        for (InputVector.Entry entry : inputs.inputs()) {
            table.add(
                    entry.input(), entry.standing().position(), watermark(entry.standing().watermark()),
                    entry.standing().finished() ? "finished" : null);
        }
        return table;
    }

    private static String watermark(long millis) {
        if (millis == Long.MIN_VALUE) {
            return null;
        }
        return millis == Long.MAX_VALUE ? "end of the input" : Instant.ofEpochMilli(millis).toString();
    }

    private static ObjectNode json(StoredEvent event) {
        ObjectNode node = JsonNodeFactory.instance.objectNode()
                .put("event", event.sequenceNr())
                .put("time_millis", event.timeMillis())
                .put("bytes", event.bytes())
                .put("file", event.file().toString());
        if (!(event.content() instanceof EpochSummary epoch)) {
            node.put("what", what(event));
            return event.content() instanceof KeeperEvent claim
                    ? node.put("start", claim.incarnation())
                    : node;
        }
        EpochHeader header = EpochHeader.read(epoch.header());
        node.put("what", "epoch")
                .put("epoch", epoch.epoch())
                .put("start", epoch.incarnation())
                .put("begins", epoch.begins())
                .put("completes", epoch.completes())
                .put("state_bytes", epoch.stateBytes())
                .put("stored_state_bytes", epoch.stateStored())
                .put("outbox_bytes", epoch.rowsBytes())
                .put("stored_outbox_bytes", epoch.rowsStored())
                .put("rows_read", header.rowsRead())
                .put("rows_written", header.rowsWritten())
                .put("bad_records", header.badRecords())
                .put("released", header.marker() < 0 ? null : header.marker())
                .put("finished", header.finished());
        putWatermark(node, header.inputs().watermark());
        ArrayNode inputs = node.putArray("inputs");
        for (InputVector.Entry entry : header.inputs().inputs()) {
            ObjectNode input = inputs.addObject()
                    .put("input", entry.input())
                    .put("position", entry.standing().position())
                    .put("finished", entry.standing().finished());
            putWatermark(input, entry.standing().watermark());
        }
        return node;
    }

    private static void putWatermark(ObjectNode node, long millis) {
        boolean ended = millis == Long.MAX_VALUE;
        node.put("watermark_millis", ended || millis == Long.MIN_VALUE ? null : millis).put("ended", ended);
    }
}
