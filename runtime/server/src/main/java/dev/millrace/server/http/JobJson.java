// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.cluster.message.Savepoint;
import dev.millrace.cluster.status.Backpressure;
import dev.millrace.cluster.status.JobProgress;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.cluster.status.Move;
import dev.millrace.cluster.status.Moves;
import dev.millrace.cluster.status.NodeStatus;
import dev.millrace.cluster.status.PartitionStatus;
import dev.millrace.cluster.status.ReaderStatus;
import dev.millrace.engine.error.Secrets;
import dev.millrace.server.run.JobStatements;
import java.util.List;
import java.util.Locale;

/** Jobs and partitions as JSON. */
final class JobJson {
    private JobJson() {}

    static ObjectNode jobs(List<JobStatus> jobs) {
        ObjectNode body = Answers.object();
        ArrayNode array = body.putArray("jobs");
        jobs.forEach(job -> array.add(job(job)));
        return body;
    }

    static ObjectNode job(JobStatus job) {
        ObjectNode node = Answers.object()
                .put("name", job.name())
                .put("state", job.state().name().toLowerCase(Locale.ROOT));
        put(node, job.progress());
        return node.put("partitions", job.partitions().size())
                .put("node", job.node())
                .put("moves", job.moves().count())
                .put("code", job.code() == null ? null : job.code().id())
                .put("reason", job.reason())
                .put("problem", job.problem())
                .put("sql", Secrets.masked(job.sql()));
    }

    static ObjectNode partitions(JobStatus job) {
        ObjectNode body = Answers.object().put("job", job.name());
        ArrayNode array = body.putArray("partitions");
        for (PartitionStatus partition : job.partitions()) {
            ObjectNode node = array.addObject().put("stage", partition.stage()).put("partition", partition.index());
            node.put("state", partition.state().name().toLowerCase(Locale.ROOT)).put("node", partition.node());
            put(node, partition.progress());
            node.put("epoch", partition.epoch());
            boolean ended = partition.watermark() == Long.MAX_VALUE;
            boolean unknown = partition.watermark() == Long.MIN_VALUE;
            node.put("watermark_millis", ended || unknown ? null : partition.watermark()).put("ended", ended);
            node.put("slowest_input", partition.slowestInput())
                    .put("restarts", partition.restarts())
                    .put("restart_millis", partition.restartMillis())
                    .put("error", partition.error());
            Backpressure backpressure = partition.backpressure();
            node.put("backpressure", backpressure.state().name().toLowerCase(Locale.ROOT))
                    .put("detached", backpressure.detached())
                    .put("lag_millis", backpressure.lagMillis())
                    .put("in_flight_bytes", backpressure.inFlightBytes());
            ArrayNode keys = node.putArray("hot_keys");
            partition.hotKeys().forEach(hot -> keys.addObject().put("key", hot.key()).put("share", hot.share()));
        }
        ArrayNode readers = body.putArray("readers");
        for (ReaderStatus reader : job.readers()) {
            readers.addObject()
                    .put("input", reader.input())
                    .put("table", reader.table())
                    .put("split", reader.split())
                    .put("node", reader.node())
                    .put("pace", reader.pace().name().toLowerCase(Locale.ROOT))
                    .put("held_up_millis", reader.heldUpMillis());
        }
        return body;
    }

    static ObjectNode moves(String job, Moves moves) {
        ObjectNode body = Answers.object()
                .put("job", job)
                .put("count", moves.count())
                .put("pause_millis_sum", moves.pauseMillisSum())
                .put("pause_millis_max", moves.pauseMillisMax());
        ArrayNode array = body.putArray("moves");
        for (Move move : moves.last()) {
            array.addObject()
                    .put("member", move.member())
                    .put("from", move.from())
                    .put("to", move.to())
                    .put("at_millis", move.atMillis())
                    .put("pause_millis", move.pauseMillis());
        }
        return body;
    }

    static ObjectNode nodes(List<NodeStatus> nodes) {
        ObjectNode body = Answers.object();
        ArrayNode array = body.putArray("nodes");
        for (NodeStatus node : nodes) {
            array.addObject()
                    .put("address", node.address())
                    .put("state", node.state().name().toLowerCase(Locale.ROOT))
                    .put("since_millis", node.sinceMillis())
                    .put("self", node.self())
                    .put("oldest", node.oldest())
                    .put("partitions", node.partitions())
                    .put("readers", node.readers());
        }
        return body;
    }

    static ObjectNode savepoints(List<Savepoint> savepoints) {
        ObjectNode body = Answers.object();
        ArrayNode array = body.putArray("savepoints");
        savepoints.forEach(savepoint -> array.add(savepoint(savepoint)));
        return body;
    }

    static ObjectNode savepoint(Savepoint savepoint) {
        return Answers.object()
                .put("name", savepoint.name())
                .put("job", savepoint.job().name())
                .put("taken_millis", savepoint.millis())
                .put("partitions", JobStatements.partitions(savepoint))
                .put("bytes", savepoint.bytes())
                .put("sql", Secrets.masked(savepoint.plan().sql()));
    }

    private static void put(ObjectNode node, JobProgress progress) {
        node.put("rows_read", progress.rowsRead())
                .put("rows_written", progress.rowsWritten())
                .put("bad_records", progress.badRecords())
                .put("late_rows", progress.lateRows())
                .put("rows_of_closed_windows", progress.rowsOfClosedWindows())
                .put("forgotten_rows", progress.forgottenRows())
                .put("state_bytes", progress.stateBytes());
    }
}
